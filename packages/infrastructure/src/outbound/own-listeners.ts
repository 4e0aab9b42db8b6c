import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import type { OwnListener } from '@ghostpost/delivery/receivers'
import type { Settings } from '../config/load-settings.ts'
import { parseRedisUrl } from '../config/redis-url.ts'

/** How long this process caches the machine's addresses; a lease or a temporary IPv6 address may change. */
const cacheMs = 60_000

/** Loopback addresses, and the unspecified addresses, which also connect to this machine. */
const loopback = ['127.0.0.0/8', '0.0.0.0/32', '::1/128', '::/128']

const defaultPorts: Readonly<Record<string, number>> = {
  'postgres:': 5432,
  'postgresql:': 5432,
  'redis:': 6379,
  'rediss:': 6379,
  'http:': 80,
  'https:': 443,
}

type ListeningSettings = Pick<
  Settings,
  | 'GHOSTPOST_HOST'
  | 'GHOSTPOST_PORT'
  | 'GHOSTPOST_METRICS_HOST'
  | 'GHOSTPOST_METRICS_PORT'
  | 'GHOSTPOST_WORKER_PORT'
  | 'DATABASE_URL'
  | 'GHOSTPOST_READ_DATABASE_URL'
  | 'QUEUE_URL'
  | 'egressProxy'
>

interface Endpoint {
  host: string
  port: number
}

/**
 * The addresses where this installation listens, as far as its settings show: its processes, its stores and its proxy.
 * The sender must never send a profile there, even if the operator allowed the address.
 * @param addresses returns the addresses of this machine
 */
export function ownListeners(
  settings: ListeningSettings,
  addresses: () => readonly string[] = machineAddresses,
): OwnListener[] {
  // Port 0 means a random free port or no listener, so there is nothing to compare with.
  const bound = boundEndpoints(settings).filter(({ port }) => port !== 0)
  const allAddresses = addresses()
  return [
    ...bound.flatMap((endpoint) => listenersAt(endpoint, allAddresses)),
    ...usedEndpoints(settings).flatMap((endpoint) => listenersAt(endpoint, [])),
  ]
}

function boundEndpoints(settings: ListeningSettings): Endpoint[] {
  const { GHOSTPOST_HOST, GHOSTPOST_METRICS_HOST } = settings
  return [
    { host: GHOSTPOST_HOST, port: settings.GHOSTPOST_PORT },
    { host: GHOSTPOST_METRICS_HOST, port: settings.GHOSTPOST_METRICS_PORT },
    { host: GHOSTPOST_METRICS_HOST, port: settings.GHOSTPOST_WORKER_PORT },
  ]
}

function usedEndpoints(settings: ListeningSettings): Endpoint[] {
  const redis = parseRedisUrl(settings.QUEUE_URL)
  if (redis !== null && redis.kind !== 'single')
    return [...redis.hosts, ...usedEndpoints({ ...settings, QUEUE_URL: '' })]
  const { DATABASE_URL, GHOSTPOST_READ_DATABASE_URL, QUEUE_URL, egressProxy } = settings
  return [DATABASE_URL, GHOSTPOST_READ_DATABASE_URL, QUEUE_URL, egressProxy?.href ?? '']
    .filter((url) => URL.canParse(url))
    .map((url) => new URL(url))
    .map((url) => ({ host: url.hostname, port: portOf(url) }))
}

/** `ownListeners`, cached for one minute. */
export function cachedListeners(settings: ListeningSettings): () => readonly OwnListener[] {
  let listeners: readonly OwnListener[] = []
  let expiresAt = -Infinity
  return () => {
    if (performance.now() < expiresAt) return listeners
    listeners = ownListeners(settings)
    expiresAt = performance.now() + cacheMs
    return listeners
  }
}

function portOf({ port, protocol }: URL): number {
  return Number(port) || (defaultPorts[protocol] ?? 0)
}

/** @param allAddresses the addresses of a listener bound to all of the machine's addresses */
function listenersAt({ host, port }: Endpoint, allAddresses: readonly string[]): OwnListener[] {
  const name = decodeURIComponent(host)
    .replace(/^\[|\]$/g, '')
    .toLowerCase()
  if (name === '') return []
  const isLocal = /^(localhost|0\.0\.0\.0|::|::1|127\.[\d.]+)$/.test(name)
  const isBoundToAll = name === '0.0.0.0' || name === '::'
  const networks = [
    ...(isLocal ? loopback : []),
    ...(isBoundToAll ? allAddresses.map((address) => `${address}/${isIP(address) === 4 ? 32 : 128}`) : []),
    ...(isIP(name) === 0 || isLocal ? [] : [`${name}/${isIP(name) === 4 ? 32 : 128}`]),
  ].map((cidr) => cidr.split('/'))
  return [
    ...networks.map(([network = '', bits]) => ({ network, bits: Number(bits), port })),
    ...(isIP(name) === 0 ? [{ name, port }] : []),
  ]
}

function machineAddresses(): string[] {
  const found = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  // Remove the zone ("%eth0"), which a socket's remote address does not contain.
  return found.map(({ address }) => address.split('%')[0] ?? address)
}
