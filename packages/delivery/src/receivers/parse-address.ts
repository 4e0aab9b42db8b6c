import ipaddr from 'ipaddr.js'

export type Ip = ReturnType<typeof ipaddr.parse>

const ipv4 = String.raw`(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}`
const canonicalAddress = new RegExp(`^(?:${ipv4}|[0-9a-f:]*:(?:[0-9a-f]*|${ipv4}))$`, 'i')

/**
 * Reads an address in the forms that resolvers, sockets and `URL` use; null for anything else. On its own, ipaddr.js
 * also reads zones, and short, hexadecimal and octal forms: there 010.0.0.1 is 8.0.0.1.
 */
export function parseAddress(text: string): Ip | null {
  return canonicalAddress.test(text) && ipaddr.isValid(text) ? ipaddr.parse(text) : null
}

/** Whether an address lies in a network of `bits` leading bits. IPv4 and IPv6 never match each other. */
export function isWithin(ip: Ip, { network, bits }: { network: Ip; bits: number }): boolean {
  return network.kind() === ip.kind() && ip.match(network, bits)
}
