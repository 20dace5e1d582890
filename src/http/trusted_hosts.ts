/**
 * Which hosts a presigned URL may lead to.
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
 * Says why a URL may not be downloaded from.
 *
 * @param url The URL.
 * @param config The configuration of the client.
 * @returns The reason, or undefined when the URL is fine.
 */
export function refuseSource(url: URL, config: Config): string | undefined {
  if (url.username || url.password) return "it holds a user name or password";
  if (url.origin === new URL(config.baseUrl).origin) return undefined;
  if (isLoopback(url.hostname)) {
    return config.allowInsecure ? undefined : "it leads to this machine";
  }
  if (url.protocol !== "https:") return "it is no https URL";
  if (url.port) return "it names a port";
  if (url.hash) return "it holds a fragment";
  return refuseHost(url, config);
}

function refuseHost({ hostname }: URL, config: Config): string | undefined {
  return STORAGE_HOSTS.some((host) => host.test(hostname)) ||
      config.storageHosts.some((host) => covers(host, hostname))
    ? undefined
    : `${hostname} is no storage host of the service, and not one of the option 'storageHosts'`;
}

/**
 * Tells whether an entry of the option `storageHosts` is about a host:
 * `*.example.com` covers every host below `example.com`, not that itself.
 *
 * @param host The entry.
 * @param hostname The host.
 * @returns `true` when it is.
 */
export function covers(host: string, hostname: string): boolean {
  return host.startsWith("*.")
    ? hostname.endsWith(host.slice(1)) && hostname.length >= host.length
    : hostname === host;
}

/**
 * Says why nothing may be uploaded to a URL.
 *
 * @param url The URL.
 * @param config The configuration of the client.
 * @returns The reason, or undefined when the URL is fine.
 */
export function refuseTarget(url: URL, config: Config): string | undefined {
  if (url.username || url.password) return "it holds a user name or password";
  if (url.href.includes("#")) return "it holds a fragment";
  if (isLoopback(url.hostname)) {
    return config.allowInsecure ? undefined : "it leads to this machine";
  }
  if (url.protocol !== "https:") return "it is no https URL";
  if (url.port) return "it names a port";
  return refuseHost(url, config);
}
