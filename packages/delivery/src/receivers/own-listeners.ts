import { isWithin, parseAddress, type Ip } from './parse-address.ts'
import { embeddedIpv4 } from './embedded-ipv4.ts'

/** A port on which this installation listens, at the addresses of a network or under a name. */
export type OwnListener =
  | { network: string; bits: number; port: number }
  /** As in a setting that names it; lower-case. */
  | { name: string; port: number }

/** Whether an address and port are our own, including an IPv4 address inside an IPv6 address. */
export function isOwnAddress(ip: Ip, port: number, own: readonly OwnListener[]): boolean {
  const embedded = embeddedIpv4(ip)
  return own.some((listener) => {
    if (listener.port !== port || !('network' in listener)) return false
    const network = parseAddress(listener.network)
    if (network === null) return false
    const range = { network, bits: listener.bits }
    return isWithin(ip, range) || (embedded !== null && isWithin(embedded, range))
  })
}

/** Whether a host name and port are our own by name. Resolved addresses are judged by `isOwnAddress`. */
export function isOwnName(name: string, port: number, own: readonly OwnListener[]): boolean {
  return own.some((listener) => listener.port === port && 'name' in listener && listener.name === name)
}
