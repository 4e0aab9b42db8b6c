import ipaddr from 'ipaddr.js'
import { parseAddress } from './parse-address.ts'

const ipv6NetworkParts = 4

/**
 * Whom an address stands for when calls are counted: an IPv4 address for itself, an IPv6 address for its /64, which one
 * subscriber has to himself (https://www.rfc-editor.org/rfc/rfc6177), and an IPv4 address written as IPv6 for itself.
 */
export function callerNetwork(address: string): string {
  const ip = parseAddress(address.split('%')[0] ?? '')
  if (ip === null) return 'unknown'
  if (!(ip instanceof ipaddr.IPv6)) return ip.toString()
  if (ip.isIPv4MappedAddress()) return ip.toIPv4Address().toString()
  return `${ip.parts
    .slice(0, ipv6NetworkParts)
    .map((part) => part.toString(16))
    .join(':')}::/64`
}
