/**
 * What child processes need to reach the network from behind a proxy.
 *
 * @module
 */

import { resolve } from "node:path";

const LOOPBACK = "127.0.0.1,localhost,::1";
/** Where users of each program say which certificates it is to trust besides. */
const CERTIFICATES = [
  "DENO_CERT",
  "NODE_EXTRA_CA_CERTS",
  "npm_config_cafile",
  "NPM_CONFIG_CAFILE",
];

/**
 * The variables to add to a child's environment. The proxy itself is inherited.
 *
 * Loopback never goes through the proxy, and certificates that one program is
 * told to trust are trusted by all: npm installs what Deno runs.
 */
export function networkEnv(
  get: (name: string) => string | undefined = (name) => Deno.env.get(name),
): Record<string, string> {
  const direct = [get("NO_PROXY") || get("no_proxy"), LOOPBACK]
    .filter(Boolean).join(",");
  const env: Record<string, string> = { NO_PROXY: direct, no_proxy: direct };
  const certificates = CERTIFICATES.map(get).find(Boolean);
  if (certificates) {
    for (const name of ["DENO_CERT", "NODE_EXTRA_CA_CERTS"]) {
      env[name] = get(name) || resolve(certificates);
    }
  }
  return env;
}
