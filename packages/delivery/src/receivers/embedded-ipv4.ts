import ipaddr from 'ipaddr.js'
import { isWithin, type Ip } from './parse-address.ts'

interface EmbeddingPrefix {
  network: Ip
  bits: number
  /** Index of the 16-bit part at which the IPv4 address starts. */
  part: number
  /** Teredo inverts all bits of the IPv4 address. */
  inverted?: true
}

/**
 * Prefixes of IPv6 addresses that contain an IPv4 address behind a gateway. Local NAT64 (64:ff9b:1::/48) is missing,
 * because each network chooses the position of the IPv4 address in it (RFC 8215).
 */
const embeddingPrefixes: readonly EmbeddingPrefix[] = [
  { network: ipaddr.parse('::ffff:0:0'), bits: 96, part: 6 }, // IPv4-mapped, RFC 4291
  { network: ipaddr.parse('::ffff:0:0:0'), bits: 96, part: 6 }, // IPv4-translated, RFC 2765
  { network: ipaddr.parse('64:ff9b::'), bits: 96, part: 6 }, // NAT64, RFC 6052
  { network: ipaddr.parse('2001::'), bits: 32, part: 6, inverted: true }, // Teredo, RFC 4380
  { network: ipaddr.parse('2002::'), bits: 16, part: 1 }, // 6to4, RFC 3056
  { network: ipaddr.parse('::'), bits: 96, part: 6 }, // IPv4-compatible, RFC 4291
]

/** `::` and `::1`, which are in the IPv4-compatible range and contain no IPv4 address. */
const unspecifiedAndLoopback = { network: ipaddr.parse('::'), bits: 127 }

const byteBits = 8
const byteMask = 0xff
const partMask = 0xffff

/** The IPv4 address in an IPv6 address; null where there is none. */
export function embeddedIpv4(ip: Ip): Ip | null {
  if (!(ip instanceof ipaddr.IPv6) || isWithin(ip, unspecifiedAndLoopback)) return null
  const prefix = embeddingPrefixes.find((candidate) => isWithin(ip, candidate))
  if (!prefix) return null
  const parts = ip.parts.slice(prefix.part, prefix.part + 2)
  const decoded = prefix.inverted ? parts.map((part) => part ^ partMask) : parts
  return new ipaddr.IPv4(decoded.flatMap((part) => [part >> byteBits, part & byteMask]))
}
