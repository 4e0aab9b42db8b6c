import { isIP, type Socket } from 'node:net'
import { callbackify } from 'node:util'
import { judgeAddress, judgeResolvedAddress, type AddressPolicy } from '@ghostpost/delivery/receivers'
import type { buildConnector } from 'undici'
import { newPhases, phasesStorage, type ConnectionPhases } from './connection-phases.ts'
import { LookupNotStartedError, NameNotResolvedError, type Lookup, type NameResolver } from './names/index.ts'
import { raceAddresses } from './race-addresses.ts'
import { openSecureConnector, type SecureConnector } from './secure-connector.ts'
import { watchConnection } from './odd-responses/index.ts'

/** Resolves a host name to all its addresses. Rejects with an error that has a `code` if there are none. */
export type ResolveHost = (hostname: string) => Promise<readonly { address: string }[]>

export interface ConnectorOptions {
  policy: AddressPolicy
  connectTimeoutMs: number
  ca?: string
  /** Resolves host names. */
  names: NameResolver
  /** Replaces `names`, in tests. */
  resolve?: ResolveHost
}

/** The address policy refused the target of a connection. */
export class AddressForbiddenError extends Error {
  readonly reason: string

  constructor(reason: string) {
    super(`address not allowed: ${reason}`)
    this.name = 'AddressForbiddenError'
    this.reason = reason
  }
}

/** A name may have thousands of addresses; try at most this many. */
const addressesTriedMax = 8

/**
 * Connects only to addresses the policy allows. It checks literal addresses here, because no lookup sees them; all
 * addresses a name resolves to, where one forbidden address refuses the name; and the address of the connected socket.
 * The socket uses the checked addresses, so a second DNS response cannot replace them.
 */
export function guardedConnector(options: ConnectorOptions): buildConnector.connector {
  const secure = openSecureConnector(options.ca)
  const connect = callbackify((target: buildConnector.Options) => connectTo(target, options, secure))
  return (target, callback) => {
    const forbidden = forbiddenLiteral(target, options.policy)
    if (forbidden) return callback(forbidden, null)
    connect(target, (error, socket) => (error ? callback(error, null) : callback(null, socket)))
  }
}

async function connectTo(
  target: buildConnector.Options,
  options: ConnectorOptions,
  secure: SecureConnector,
): Promise<Socket> {
  const phases = phasesStorage.getStore() ?? newPhases()
  const start = performance.now()
  const remainingMs = (): number => Math.max(start + options.connectTimeoutMs - performance.now(), 0)
  const port = portOf(target)
  const addresses = await addressesOf(target, options, phases, remainingMs())
  const lookedUp = performance.now()
  const socket = await raceAddresses(addresses, { port, withinMs: remainingMs() })
  const connected = performance.now()
  phases.connectMs = connected - lookedUp
  const reached = judgeAddress(socket.remoteAddress ?? '', port, options.policy)
  if (!reached.allowed) {
    socket.destroy()
    throw new AddressForbiddenError(reached.reason)
  }
  if (target.protocol === 'http:') return watchConnection(socket)
  const secured = await secure(target, socket, remainingMs())
  phases.tlsMs = performance.now() - connected
  return watchConnection(secured)
}

/** The refusal of a target that is a forbidden IP address; null for allowed addresses and for names. */
export function forbiddenLiteral(
  target: buildConnector.Options,
  policy: AddressPolicy,
): AddressForbiddenError | null {
  const literal = literalOf(target)
  if (literal === null) return null
  const verdict = judgeAddress(literal, portOf(target), policy)
  return verdict.allowed ? null : new AddressForbiddenError(verdict.reason)
}

function literalOf({ hostname }: buildConnector.Options): string | null {
  const literal = hostname.replace(/^\[|\]$/g, '')
  return isIP(literal) === 0 ? null : literal
}

function portOf({ port, protocol }: buildConnector.Options): number {
  return Number(port || (protocol === 'http:' ? 80 : 443))
}

/** The addresses to connect to: a literal one, or those of a name, of which the policy allows every one. */
async function addressesOf(
  target: buildConnector.Options,
  options: ConnectorOptions,
  phases: ConnectionPhases,
  withinMs: number,
): Promise<readonly string[]> {
  const literal = literalOf(target)
  if (literal !== null) return [literal]
  const { hostname } = target
  const start = performance.now()
  const lookup = lookUp(hostname, options, phases.holder)
  phases.isLookupSlow = lookup.isSlow
  const addresses = await resolvedWithin(withinMs, lookup)
  phases.isLookupSlow = null
  phases.dnsMs = performance.now() - start
  for (const { address } of addresses) {
    const verdict = judgeResolvedAddress(hostname, address, portOf(target), options.policy)
    if (!verdict.allowed) throw new AddressForbiddenError(verdict.reason)
  }
  return addresses.slice(0, addressesTriedMax).map(({ address }) => address)
}

type Addresses = readonly { address: string }[]
type AddressLookup = Pick<Lookup, 'isSlow'> & { addresses: Promise<Addresses> }

function lookUp(hostname: string, { names, resolve }: ConnectorOptions, holder: string): AddressLookup {
  if (resolve) return { addresses: resolveBy(resolve, hostname), isSlow: () => true }
  const { addresses, isSlow } = names.lookUp(hostname, holder)
  return { addresses: addresses.then((found) => found.map((address) => ({ address }))), isSlow }
}

/** Turns resolver errors and empty results into NameNotResolvedError. */
async function resolveBy(resolve: ResolveHost, hostname: string): Promise<Addresses> {
  try {
    const addresses = await resolve(hostname)
    if (addresses.length > 0) return addresses
  } catch (error) {
    throw new NameNotResolvedError((error as NodeJS.ErrnoException).code ?? 'UNKNOWN')
  }
  throw new NameNotResolvedError('ENODATA')
}

async function resolvedWithin(ms: number, { addresses, isSlow }: AddressLookup): Promise<Addresses> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(lookupTimedOut(isSlow())), ms)
  try {
    return await Promise.race([addresses, promise])
  } finally {
    clearTimeout(timer)
  }
}

/** A look-up that nobody waits for any longer. The name is to blame only if its look-up had its time. */
function lookupTimedOut(isSlow: boolean): Error {
  return isSlow ? new NameNotResolvedError('ETIMEOUT') : new LookupNotStartedError()
}
