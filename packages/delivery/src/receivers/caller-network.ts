import ipaddr from 'ipaddr.js'
import { parseAddress } from './parse-address.ts'

const ipv6NetworkParts = 4

/**
 * The network by which calls are counted: the address itself for IPv4 (also when written as IPv6), and the /64 for
 * IPv6,
 * which belongs to one subscriber (https://www.rfc-editor.org/rfc/rfc6177).
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
