import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import type { OwnListener } from '@ghostpost/delivery/receivers'
import type { Settings } from '../config/load-settings.ts'
import { parseRedisUrl } from '../config/redis-url.ts'

/** How long a machine's addresses are remembered; a lease or a temporary IPv6 address may change. */
const rememberedMs = 60_000

/** Connecting to the unspecified address reaches this machine, as its loopback addresses do. */
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

interface Place {
  host: string
  port: number
}

/**
 * Where this installation listens, as far as its settings say: its own processes, and the stores and the proxy they use.
 * No profile is to be sent there, whatever addresses are listed.
 * @param addresses of this machine
 */
export function ownListeners(
  settings: ListeningSettings,
  addresses: () => readonly string[] = machineAddresses,
): OwnListener[] {
  // Port 0 is any that is free, or none: nobody can know it beforehand.
  const bound = boundPlaces(settings).filter(({ port }) => port !== 0)
  const everywhere = addresses()
  return [
    ...bound.flatMap((place) => listenersAt(place, everywhere)),
    ...usedPlaces(settings).flatMap((place) => listenersAt(place, [])),
  ]
}

function boundPlaces(settings: ListeningSettings): Place[] {
  const { GHOSTPOST_HOST, GHOSTPOST_METRICS_HOST } = settings
  return [
    { host: GHOSTPOST_HOST, port: settings.GHOSTPOST_PORT },
    { host: GHOSTPOST_METRICS_HOST, port: settings.GHOSTPOST_METRICS_PORT },
    { host: GHOSTPOST_METRICS_HOST, port: settings.GHOSTPOST_WORKER_PORT },
  ]
}

function usedPlaces(settings: ListeningSettings): Place[] {
  const redis = parseRedisUrl(settings.QUEUE_URL)
  if (redis !== null && redis.kind !== 'single')
    return [...redis.hosts, ...usedPlaces({ ...settings, QUEUE_URL: '' })]
  const { DATABASE_URL, GHOSTPOST_READ_DATABASE_URL, QUEUE_URL, egressProxy } = settings
  return [DATABASE_URL, GHOSTPOST_READ_DATABASE_URL, QUEUE_URL, egressProxy?.href ?? '']
    .filter((url) => URL.canParse(url))
    .map((url) => new URL(url))
    .map((url) => ({ host: url.hostname, port: portOf(url) }))
}

/** The same, read again once in a while. */
export function rememberedListeners(settings: ListeningSettings): () => readonly OwnListener[] {
  let listeners: readonly OwnListener[] = []
  let readAgainAt = -Infinity
  return () => {
    if (performance.now() < readAgainAt) return listeners
    listeners = ownListeners(settings)
    readAgainAt = performance.now() + rememberedMs
    return listeners
  }
}

function portOf({ port, protocol }: URL): number {
  return Number(port) || (defaultPorts[protocol] ?? 0)
}

/** @param everywhere the addresses of a listener that is not bound to one */
function listenersAt({ host, port }: Place, everywhere: readonly string[]): OwnListener[] {
  const name = decodeURIComponent(host)
    .replace(/^\[|\]$/g, '')
    .toLowerCase()
  if (name === '') return []
  const isLocal = /^(localhost|0\.0\.0\.0|::|::1|127\.[\d.]+)$/.test(name)
  const isBoundToAll = name === '0.0.0.0' || name === '::'
  const networks = [
    ...(isLocal ? loopback : []),
    ...(isBoundToAll ? everywhere.map((address) => `${address}/${isIP(address) === 4 ? 32 : 128}`) : []),
    ...(isIP(name) === 0 || isLocal ? [] : [`${name}/${isIP(name) === 4 ? 32 : 128}`]),
  ].map((cidr) => cidr.split('/'))
  return [
    ...networks.map(([network = '', bits]) => ({ network, bits: Number(bits), port })),
    ...(isIP(name) === 0 ? [{ name, port }] : []),
  ]
}

function machineAddresses(): string[] {
  const found = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  // A zone ("%eth0") is no part of the address that a socket tells.
  return found.map(({ address }) => address.split('%')[0] ?? address)
}
