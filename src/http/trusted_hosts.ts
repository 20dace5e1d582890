/**
 * Which URLs the bytes of a file may come from, or go to.
 *
 * @module
 */

import { type Config, isLoopback } from "./config.ts";

/** Hosts of object storage, after the Avala sources; not all of `*.amazonaws.com`, which anybody can rent. */
const STORAGE_HOSTS = [
  /^(?:[a-z0-9.-]+\.)?s3(?:[.-](?:dualstack\.)?[a-z0-9-]+)?\.amazonaws\.com$/,
  /^(?:[a-z0-9._-]+\.)?storage\.googleapis\.com$/,
  /^[a-z0-9-]+\.blob\.core\.windows\.net$/,
  /^[0-9a-f]{32}\.(?:eu\.)?r2\.cloudflarestorage\.com$/,
  /^(?:data|api|storage)\.avala\.ai$/,
];

/**
 * Says why a URL may not be downloaded from; the API's own origin may.
 *
 * @param url The URL.
 * @param config The configuration of the client.
 * @returns The reason, or undefined when the URL is fine.
 */
export function refuseSource(url: URL, config: Config): string | undefined {
  const isOwn = url.origin === new URL(config.baseUrl).origin &&
    !url.username && !url.password;
  return isOwn ? undefined : refuseUrl(url, config);
}

/**
 * Says why the bytes of a file may not come from a URL, or go there.
 *
 * @param url The URL.
 * @param config The configuration of the client.
 * @param isKnown Tells whether a host is known, beside those of the option `storageHosts`.
 * @param role What a known host is, for the reason.
 * @returns The reason, or undefined when the URL is fine.
 */
export function refuseUrl(
  url: URL,
  config: Config,
  isKnown: (hostname: string) => boolean = isStorageHost,
  role = "storage host of the service",
): string | undefined {
  const { hostname } = url;
  if (url.username || url.password) return "it holds a user name or password";
  // an empty one, too
  if (url.href.includes("#")) return "it holds a fragment";
  if (isLoopback(hostname)) {
    return config.allowInsecure ? undefined : "it leads to this machine";
  }
  if (url.protocol !== "https:") return "it is no https URL";
  if (url.port) return "it names a port";
  return isKnown(hostname) ||
      config.storageHosts.some((host) => covers(host, hostname))
    ? undefined
    : `${hostname} is no ${role}, and not one of the option 'storageHosts'`;
}

function isStorageHost(hostname: string): boolean {
  return STORAGE_HOSTS.some((host) => host.test(hostname));
}

/** `*.example.com` covers every host below `example.com`, not that itself. */
function covers(host: string, hostname: string): boolean {
  return host.startsWith("*.")
    ? hostname.endsWith(host.slice(1)) && hostname.length >= host.length
    : hostname === host;
}
