import { parseAddress } from './parse-address.ts'

/** Whether the value of a `Host` header means this installation. An absent header (HTTP/1.0) names nobody else. */
export type IsAllowedHost = (host: string | undefined) => boolean

const hostAndPort = /^(?:\[([0-9a-f:.]+)\]|([^\s:/[\]@]+))(?::\d{0,5})?$/i

/**
 * Accepts the names that nobody else can point at this process: IP literals, names of this machine (`localhost`,
 * `*.localhost`), names without a dot, which only a network of ours resolves, the hosts of our URLs, and the
 * given names. A page that has its own name resolve to our address (DNS rebinding) sends that name.
 * @param urls by which people reach this installation
 * @param names further names, in lower case, separated by spaces; `*` allows every name
 */
export function allowHosts(urls: readonly string[], names: string): IsAllowedHost {
  const allowed = new Set([
    ...urls.map((url) => new URL(url).hostname),
    ...names.toLowerCase().split(' ').filter(Boolean),
  ])
  if (allowed.has('*')) return () => true
  return (host) => {
    if (host === undefined || host === '') return true
    const [, ipv6, text = ''] = hostAndPort.exec(host) ?? []
    if (ipv6 !== undefined) return parseAddress(ipv6) !== null
    const name = text.toLowerCase().replace(/\.$/, '')
    if (name === '') return false
    return isOfThisNetwork(name) || parseAddress(name) !== null || allowed.has(name)
  }
}

function isOfThisNetwork(name: string): boolean {
  return !name.includes('.') || name.endsWith('.localhost')
}
