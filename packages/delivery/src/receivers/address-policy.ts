import type { AllowedAddress } from './allowed-addresses.ts'
import { isForbiddenPort } from './forbidden-ports.ts'
import { forbiddenIpv4, forbiddenIpv6, globalIpv6, type AddressRefusal } from './address-ranges.ts'
import { isWithin, parseAddress, type Ip } from './parse-address.ts'
import { embeddedIpv4 } from './embedded-ipv4.ts'
import { isOwnAddress, isOwnName, type OwnListener } from './own-listeners.ts'

/** The addresses that receivers may have: all public ones, and others that an administrator allows. */
export interface AddressPolicy {
  allowed: readonly AllowedAddress[]
  /** Ports on which this installation listens. They are refused even if an administrator allows them. */
  ownListeners?: readonly OwnListener[]
}

export type AddressVerdict = { allowed: true } | { allowed: false; reason: AddressRefusal }

const allowedVerdict: AddressVerdict = { allowed: true }

/**
 * Judges a receiver's URL before its name is resolved: its IP literal, or its host name and port. If an administrator
 * allows addresses with this port, the addresses of an internal name decide.
 */
export function judgeReceiverUrl(url: URL, policy: AddressPolicy): AddressVerdict {
  const port = portOf(url)
  const host = hostOf(url)
  if (parseAddress(host)) return judgeAddress(host, port, policy)
  if (isOwnName(host, port, policy.ownListeners ?? [])) return refuse('own_listener')
  if (policy.allowed.some((entry) => isForPort(entry, port))) return allowedVerdict
  if (isInternalName(host)) return refuse('internal_name')
  return isForbiddenPort(port) ? refuse('port_forbidden') : allowedVerdict
}

/**
 * Judges a receiver's URL whose name a proxy resolves. The addresses are unknown here, so allowed addresses apply to IP
 * literals only: internal names and forbidden ports are refused.
 */
export function judgeProxiedUrl(url: URL, policy: AddressPolicy): AddressVerdict {
  return judgeReceiverUrl(url, parseAddress(hostOf(url)) ? policy : { ...policy, allowed: [] })
}

/**
 * Judges a resolved address of a host name. An internal name may resolve to allowed addresses only.
 */
export function judgeResolvedAddress(
  name: string,
  address: string,
  port: number,
  policy: AddressPolicy,
): AddressVerdict {
  const verdict = judgeAddress(address, port, policy)
  if (!verdict.allowed || !isInternalName(normalizeName(name))) return verdict
  const ip = parseAddress(address)
  return ip && isListed(ip, port, policy) ? verdict : refuse('internal_name')
}

/**
 * Judges an address in canonical form, from a resolver or a socket, and a port. Refuses what it cannot parse and all
 * IPv6 addresses that are not known to be global. An IPv4 address inside an allowed IPv6 address is judged, too.
 */
export function judgeAddress(address: string, port: number, policy: AddressPolicy): AddressVerdict {
  const ip = parseAddress(address)
  if (!ip) return refuse('not_an_address')
  if (isOwnAddress(ip, port, policy.ownListeners ?? [])) return refuse('own_listener')
  if (isListed(ip, port, policy)) return judgeEmbedded(ip, port, policy)
  if (isForbiddenPort(port)) return refuse('port_forbidden')
  return ip.kind() === 'ipv4' ? judgeIpv4(ip) : judgeIpv6(ip)
}

/** The port of a URL. */
function portOf(url: URL): number {
  return Number(url.port || (url.protocol === 'http:' ? 80 : 443))
}

function hostOf(url: URL): string {
  return normalizeName(url.hostname.replace(/^\[|\]$/g, ''))
}

function normalizeName(name: string): string {
  return name.replace(/\.+$/, '').toLowerCase()
}

function isListed(ip: Ip, port: number, { allowed }: AddressPolicy): boolean {
  return allowed.some((entry) => {
    const network = parseAddress(entry.network)
    return network !== null && isForPort(entry, port) && isWithin(ip, { network, bits: entry.bits })
  })
}

/** Allowing the network of a gateway such as NAT64 does not allow the addresses behind it: they are judged, too. */
function judgeEmbedded(listed: Ip, port: number, policy: AddressPolicy): AddressVerdict {
  const embedded = embeddedIpv4(listed)
  return embedded === null || isListed(embedded, port, policy) ? allowedVerdict : judgeIpv4(embedded)
}

/** An entry without a port does not allow forbidden ports; such a port must be named. */
function isForPort(entry: AllowedAddress, port: number): boolean {
  return entry.port === port || (entry.port === null && !isForbiddenPort(port))
}

function judgeIpv4(ip: Ip): AddressVerdict {
  const found = forbiddenIpv4.find((range) => isWithin(ip, range))
  return found ? refuse(found.reason) : allowedVerdict
}

function judgeIpv6(ip: Ip): AddressVerdict {
  const found = forbiddenIpv6.find((range) => isWithin(ip, range))
  if (found) return refuse(found.reason)
  return isWithin(ip, globalIpv6) ? allowedVerdict : refuse('not_global')
}

function refuse(reason: AddressRefusal): AddressVerdict {
  return { allowed: false, reason }
}

/** Names that are valid only inside a private network, and names without a dot, which search lists complete. */
const internalSuffixes = [
  'localhost',
  'localdomain',
  'local',
  'internal',
  'intranet',
  'lan',
  'home',
  'home.arpa',
  'corp',
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
