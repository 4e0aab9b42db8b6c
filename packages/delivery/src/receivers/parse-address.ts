import ipaddr from 'ipaddr.js'

export type Ip = ReturnType<typeof ipaddr.parse>

const ipv4 = String.raw`(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}`
const canonicalAddress = new RegExp(`^(?:${ipv4}|[0-9a-f:]*:(?:[0-9a-f]*|${ipv4}))$`, 'i')

/**
 * Parses an address in the notations that resolvers, sockets and `URL` use; null for anything else. ipaddr.js alone
 * also accepts zones and short, hexadecimal and octal notations, in which 010.0.0.1 is 8.0.0.1.
 */
export function parseAddress(text: string): Ip | null {
  return canonicalAddress.test(text) && ipaddr.isValid(text) ? ipaddr.parse(text) : null
}

/** Whether an address is in a network whose prefix has `bits` bits. IPv4 and IPv6 never match each other. */
export function isWithin(ip: Ip, { network, bits }: { network: Ip; bits: number }): boolean {
  return network.kind() === ip.kind() && ip.match(network, bits)
}
