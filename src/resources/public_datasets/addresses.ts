/**
 * Which addresses of an object's bytes are to be trusted: its provider decides.
 *
 * @module
 */

import type { Config } from "../../http/config.ts";
import { refuseUrl } from "../../http/trusted_hosts.ts";
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
  const base = new URL(config.baseUrl);
  if (provider === "avala_proxy") {
    return isBelow(url, base) ? undefined : "it is not below the API's own";
  }
  const isKnown = (hostname: string) =>
    provider === "avala_edge"
      ? isEdge(url, base, access)
      : Object.hasOwn(HOSTS, provider) && HOSTS[provider]!.test(hostname);
  return refuseUrl(url, config, isKnown, `host of ${provider}`);
}

/** Without a user name, a password and a fragment. */
function isBelow({ href }: URL, { origin, pathname }: URL): boolean {
  const start = `${origin}${pathname.replace(/\/$/, "")}/resolve/download/`;
  return href.startsWith(start) && !href.includes("#");
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
