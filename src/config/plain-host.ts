/** An address without the brackets that URLs put around IPv6. */
export function plainHost(host: string): string {
  return host.replace(/^\[(.+)\]$/, '$1');
}
