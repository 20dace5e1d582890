/**
 * Which addresses of an object's bytes are to be trusted: its provider decides.
 *
 * @module
 */

import { type Config, isLoopback } from "../../http/config.ts";
import { covers } from "../../http/trusted_hosts.ts";
import { toUrl } from "../../wire/options.ts";
import type { DatasetObjectAccess } from "./models.ts";

const LABEL = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?";
const REGION = "(?!us-gov-)[a-z]{2}(?:-[a-z]+)+-\\d+";
const S3 = `s3(?:[.-](?:${REGION})|\\.dualstack\\.(?:${REGION}))?`;
const ACCELERATED = "s3-accelerate(?:\\.dualstack)?";

/** Hosts of each provider, narrower than those that files may be sent to. */
const HOSTS: { readonly [provider: string]: RegExp } = {
  aws_s3: new RegExp(
    `^(?:${S3}|${LABEL}\\.(?:${S3}|${ACCELERATED}))\\.amazonaws\\.com$`,
  ),
  gcs: /^(?:[a-z0-9][a-z0-9_-]*\.)?storage\.googleapis\.com$/,
  azure_blob: /^[a-z0-9]{3,24}\.blob\.core\.windows\.net$/,
  cloudflare_r2: /^[0-9a-f]{32}\.(?:eu\.)?r2\.cloudflarestorage\.com$/,
};

/** Avala's own servers for bytes, by the host of the API. */
const EDGES: { readonly [api: string]: string } = {
  "api.avala.ai": "data.avala.ai",
  "server.avala.ai": "data.avala.ai",
  "server.dev.alala.ai": "data-development.avala.ai",
};

// deno-lint-ignore no-control-regex
const CONTROL_OR_SPACE = /[\u0000-\u0020\u007f]/;

/**
 * Says why an address is not to be trusted.
 *
 * @param access The address, and who is said to hold the bytes.
 * @param config The configuration of the client.
 * @returns The reason, or undefined when the address is fine.
 */
export function refuseAddress(
  access: DatasetObjectAccess,
  config: Config,
): string | undefined {
  const { provider } = access;
  const url = CONTROL_OR_SPACE.test(access.url) ? undefined : toUrl(access.url);
  if (!url) return "it is no absolute URL";
  if (url.username || url.password) return "it holds a user name or password";
  if (url.href.includes("#")) return "it holds a fragment";
  const base = new URL(config.baseUrl);
  if (provider === "avala_proxy") {
    return isBelow(url, base) ? undefined : "it is not below the API's own";
  }
  // a server of the caller's own tests
  if (isLoopback(url.hostname) && config.allowInsecure) return undefined;
  if (url.protocol !== "https:") return "it is no https URL";
  if (url.port) return "it names a port";
  const isKnown =
    config.storageHosts.some((host) => covers(host, url.hostname)) ||
    (provider === "avala_edge"
      ? isEdge(url, base, access)
      : Object.hasOwn(HOSTS, provider) && HOSTS[provider]!.test(url.hostname));
  return isKnown
    ? undefined
    : `${url.hostname} is no host of ${provider}, and not one of the option 'storageHosts'`;
}

function isBelow({ origin, pathname }: URL, base: URL): boolean {
  const start = `${base.pathname.replace(/\/$/, "")}/resolve/download/`;
  return origin === base.origin && pathname.startsWith(start);
}

function isEdge(
  { hostname, pathname, searchParams }: URL,
  base: URL,
  { datasetUid, revisionSha256, manifestSha256, objectUid }:
    DatasetObjectAccess,
): boolean {
  const place =
    `/v1/datasets/${datasetUid}/${revisionSha256}/${manifestSha256}/objects/${objectUid}/`;
  const [grant, ...others] = [...searchParams];
  return hostname === EDGES[base.hostname] && pathname.startsWith(place) &&
    /^[0-9a-f]{64}$/.test(pathname.slice(place.length)) &&
    others.length === 0 && grant?.[0] === "grant" && grant[1] !== "" &&
    grant[1].length <= 4_096;
}
