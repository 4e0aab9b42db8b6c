import ipaddr from 'ipaddr.js'
import type { AllowedAddress } from './allowed-addresses.ts'
import { forbiddenIpv4, forbiddenIpv6, globalIpv6, type AddressRefusal, type Ip } from './address-ranges.ts'

/** Which addresses receivers may have. Public ones always; others only where an administrator listed them. */
export interface AddressPolicy {
  allowed: readonly AllowedAddress[]
}

export type AddressVerdict = { allowed: true } | { allowed: false; reason: AddressRefusal }

const yes: AddressVerdict = { allowed: true }

/**
 * Judges an address in its canonical form, as a resolver or a socket tells it, and a port. Fails closed: what is not
 * understood is refused. IPv6 is refused but for what is known to be global.
 */
export function judgeAddress(address: string, port: number, policy: AddressPolicy): AddressVerdict {
  const ip = parseCanonical(address)
  if (!ip) return no('not_an_address')
  if (isAllowed(ip, port, policy)) return yes
  if (forbiddenPorts.has(port)) return no('port_forbidden')
  return ip.kind() === 'ipv4' ? judgeIpv4(ip) : judgeIpv6(ip)
}

/** Judges a receiver's URL before anything is resolved: its host name or IP literal, and its port. */
export function judgeReceiverUrl(url: URL, policy: AddressPolicy): AddressVerdict {
  const port = portOf(url)
  const host = url.hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase()
  if (parseCanonical(host)) return judgeAddress(host, port, policy)
  if (policy.allowed.some((entry) => entry.port === null || entry.port === port) && host === 'localhost')
    return yes
  if (isInternalName(host)) return no('internal_name')
  return forbiddenPorts.has(port) ? no('port_forbidden') : yes
}

/** The port a URL leads to. */
export function portOf(url: URL): number {
  return Number(url.port || (url.protocol === 'http:' ? 80 : 443))
}

/** The forms resolvers, sockets and `URL` use; ipaddr.js alone would also read octal, hex and short ones. */
function parseCanonical(text: string): Ip | null {
  const canonical =
    /^\d{1,3}(\.\d{1,3}){3}$/.test(text) || (text.includes(':') && /^[0-9a-f:.]+$/i.test(text))
  return canonical && ipaddr.isValid(text) ? ipaddr.parse(text) : null
}

function isAllowed(ip: Ip, port: number, { allowed }: AddressPolicy): boolean {
  return allowed.some(
    ({ network, bits, ...entry }) =>
      (entry.port === null || entry.port === port) && isWithin(ip, { network: ipaddr.parse(network), bits }),
  )
}

function isWithin(ip: Ip, { network, bits }: { network: Ip; bits: number }): boolean {
  return network.kind() === ip.kind() && ip.match(network, bits)
}

function judgeIpv4(ip: Ip): AddressVerdict {
  const found = forbiddenIpv4.find((range) => isWithin(ip, range))
  return found ? no(found.reason) : yes
}

function judgeIpv6(ip: Ip): AddressVerdict {
  const found = forbiddenIpv6.find((range) => isWithin(ip, range))
  if (found) return no(found.reason)
  return isWithin(ip, globalIpv6) ? yes : no('not_global')
}

function no(reason: AddressRefusal): AddressVerdict {
  return { allowed: false, reason }
}

/** Names that only mean something inside somebody's network, and names without a dot, which search lists complete. */
const internalSuffixes = [
  'localhost',
  'local',
  'internal',
  'intranet',
  'lan',
  'home.arpa',
  'onion',
  'test',
  'invalid',
  'example',
]

function isInternalName(host: string): boolean {
  return (
    !host.includes('.') || internalSuffixes.some((suffix) => host === suffix || host.endsWith(`.${suffix}`))
  )
}

/**
 * Ports of services that are not HTTP and could be talked to by accident: the Fetch standard's bad ports
 * (https://fetch.spec.whatwg.org/#port-blocking) and the stores this kind of product runs on.
 */
const forbiddenPorts: ReadonlySet<number> = new Set([
  0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104,
  109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515,
  526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049,
  2375, 2379, 3306, 3659, 4045, 4190, 5060, 5061, 5432, 6000, 6379, 6566, 6665, 6666, 6667, 6668, 6669, 6679,
  6697, 9200, 10080, 11211, 27017,
])
