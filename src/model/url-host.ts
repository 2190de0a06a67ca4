/** An address or a name as the host of a URL: an address of IPv6 stands in brackets there. */
export function urlHost(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}
