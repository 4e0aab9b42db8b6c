import ipaddr from 'ipaddr.js'
import type { Ip } from './parse-address.ts'

/** Why an address is refused. */
export type AddressRefusal =
  | 'not_an_address'
  | 'internal_name'
  | 'own_listener'
  | 'port_forbidden'
  | 'unspecified'
  | 'loopback'
  | 'private_network'
  | 'carrier_grade_nat'
  | 'link_local'
  | 'cloud_metadata'
  | 'multicast'
  | 'documentation'
  | 'benchmarking'
  | 'reserved'
  | 'ipv6_transition'
  | 'not_global'

export interface AddressRange {
  network: Ip
  bits: number
  reason: AddressRefusal
}

function range(cidr: string, reason: AddressRefusal): AddressRange {
  const [network, bits] = ipaddr.parseCIDR(cidr)
  return { network, bits, reason }
}

/**
 * Forbidden IPv4 ranges: IANA's special-purpose registry (https://www.iana.org/assignments/iana-ipv4-special-registry)
 * and the addresses of cloud providers' metadata services. The first matching range gives the reason.
 */
export const forbiddenIpv4: readonly AddressRange[] = [
  range('169.254.169.254/32', 'cloud_metadata'), // AWS, Azure, Google, Oracle
  range('169.254.170.2/32', 'cloud_metadata'), // AWS container credentials
  range('100.100.100.200/32', 'cloud_metadata'), // Alibaba
  range('192.0.0.192/32', 'cloud_metadata'), // Oracle
  range('168.63.129.16/32', 'cloud_metadata'), // Azure's WireServer, a public address
  range('0.0.0.0/8', 'unspecified'),
  range('10.0.0.0/8', 'private_network'),
  range('100.64.0.0/10', 'carrier_grade_nat'),
  range('127.0.0.0/8', 'loopback'),
  range('169.254.0.0/16', 'link_local'),
  range('172.16.0.0/12', 'private_network'),
  range('192.0.0.0/24', 'reserved'),
  range('192.0.2.0/24', 'documentation'),
  range('192.31.196.0/24', 'reserved'),
  range('192.52.193.0/24', 'reserved'),
  range('192.88.99.0/24', 'ipv6_transition'),
  range('192.168.0.0/16', 'private_network'),
  range('192.175.48.0/24', 'reserved'),
  range('198.18.0.0/15', 'benchmarking'),
  range('198.51.100.0/24', 'documentation'),
  range('203.0.113.0/24', 'documentation'),
  range('224.0.0.0/4', 'multicast'),
  range('240.0.0.0/4', 'reserved'),
]

/** The IPv6 range for global unicast addresses. Everything outside it is refused. */
export const globalIpv6 = { network: ipaddr.parse('2000::'), bits: 3 }

/**
 * Forbidden ranges inside the global range, and ranges outside it that have a reason of their own
 * (https://www.iana.org/assignments/iana-ipv6-special-registry). An address that contains an IPv4 address is refused
 * unless its network is allowed, because it is unknown which gateway would translate it.
 */
export const forbiddenIpv6: readonly AddressRange[] = [
  range('::1/128', 'loopback'),
  range('::/128', 'unspecified'),
  range('fd00:ec2::254/128', 'cloud_metadata'), // AWS
  range('fd20:ce::254/128', 'cloud_metadata'), // Google
  range('::/96', 'ipv6_transition'), // IPv4-compatible
  range('::ffff:0:0/96', 'ipv6_transition'), // IPv4-mapped
  range('::ffff:0:0:0/96', 'ipv6_transition'), // IPv4-translated
  range('64:ff9b::/96', 'ipv6_transition'), // NAT64
  range('64:ff9b:1::/48', 'ipv6_transition'), // local NAT64
  range('2001::/32', 'ipv6_transition'), // Teredo
  range('2002::/16', 'ipv6_transition'), // 6to4
  range('2001:2::/48', 'benchmarking'),
  range('2001::/23', 'reserved'), // IETF assignments
  range('2001:db8::/32', 'documentation'),
  range('3fff::/20', 'documentation'),
  range('2620:4f:8000::/48', 'reserved'), // AS112
  range('fc00::/7', 'private_network'),
  range('fe80::/10', 'link_local'),
  range('fec0::/10', 'private_network'), // site-local, withdrawn
  range('ff00::/8', 'multicast'),
]
