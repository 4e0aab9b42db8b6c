import ipaddr from 'ipaddr.js'
import { parseAddress } from './parse-address.ts'

/** Of eight parts of 16 bits. */
const subscriberParts = 4
const customerParts = 3

/**
 * The network by which calls are counted: the address itself for IPv4 (also when written as IPv6), and the /64 for
 * IPv6,
 * which belongs to one subscriber (https://www.rfc-editor.org/rfc/rfc6177).
 */
export function callerNetwork(address: string): string {
  return networkOf(address, subscriberParts)
}

/**
 * The network that takes one turn where callers wait for each other: the address itself for IPv4, and the /48 for
 * IPv6. A customer may get a whole /48 (RFC 6177), and it has 65,536 networks of size /64.
 */
export function callerCustomer(address: string): string {
  return networkOf(address, customerParts)
}

function networkOf(address: string, parts: number): string {
  const ip = parseAddress(address.split('%')[0] ?? '')
  if (ip === null) return 'unknown'
  if (!(ip instanceof ipaddr.IPv6)) return ip.toString()
  if (ip.isIPv4MappedAddress()) return ip.toIPv4Address().toString()
  const prefix = ip.parts.slice(0, parts).map((part) => part.toString(16))
  return `${prefix.join(':')}::/${parts * 16}`
}
