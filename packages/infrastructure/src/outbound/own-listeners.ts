import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import type { OwnListener } from '@ghostpost/delivery'
import type { Settings } from '../config/load-settings.ts'

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
  'GHOSTPOST_HOST' | 'GHOSTPOST_PORT' | 'DATABASE_URL' | 'QUEUE_URL' | 'egressProxy'
>

/**
 * Where this installation listens, as far as its settings say: the API, and the stores and the proxy it uses. No
 * profile is to be sent there, whatever addresses are listed.
 * @param addresses of this machine
 */
export function ownListeners(
  settings: ListeningSettings,
  addresses: () => readonly string[] = machineAddresses,
): OwnListener[] {
  const { GHOSTPOST_HOST: host, GHOSTPOST_PORT: port, DATABASE_URL, QUEUE_URL, egressProxy } = settings
  const used = [DATABASE_URL, QUEUE_URL, ...(egressProxy ? [egressProxy.href] : [])]
    .filter((url) => URL.canParse(url))
    .map((url) => new URL(url))
  return [
    // Port 0 is any that is free: nobody can know it beforehand.
    ...(port === 0 ? [] : listenersAt(host, port, addresses())),
    ...used.flatMap((url) => listenersAt(url.hostname, portOf(url), [])),
  ]
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
function listenersAt(host: string, port: number, everywhere: readonly string[]): OwnListener[] {
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
