/**
 * Which hosts are this machine's own.
 *
 * @module
 */

/**
 * Tells whether a host name is this machine's own.
 *
 * @param hostname The host name of a URL.
 * @returns Whether it is localhost or a name below it, 127.0.0.1 or a neighbor, or ::1.
 */
export function isLoopback(hostname: string): boolean {
  return /^((.+\.)?localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}
