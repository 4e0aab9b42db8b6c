import type { LookupAddress } from 'node:dns'
import { lookup as systemLookup } from 'node:dns/promises'
import { isIP, Socket, type LookupFunction } from 'node:net'
import { callbackify } from 'node:util'
import { judgeAddress, judgeResolvedAddress, type AddressPolicy } from '@ghostpost/delivery/receivers'
import { buildConnector } from 'undici'
import { phasesStorage } from './connection-phases.ts'
import { skipInterimHeads } from './skip-interim-heads.ts'

/** Resolves a host name to all its addresses. Rejects with an error that has a `code` if there are none. */
export type ResolveHost = (hostname: string) => Promise<readonly { address: string }[]>

export interface ConnectorOptions {
  policy: AddressPolicy
  connectTimeoutMs: number
  ca?: string
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

/** The resolver has no address for a host name. */
export class NameNotResolvedError extends Error {
  readonly code: string

  constructor(code: string) {
    super(`host name not resolved: ${code}`)
    this.name = 'NameNotResolvedError'
    this.code = code
  }
}

const connectorsMax = 500
/** A name may have thousands of addresses; try at most this many. */
const addressesTriedMax = 8

/**
 * Connects only to addresses the policy allows. It checks literal addresses here, because no lookup sees them; all
 * addresses a name resolves to, where one forbidden address refuses the name; and the address of the connected socket.
 * The socket uses the checked addresses, so a second DNS response cannot replace them.
 */
export function guardedConnector(options: ConnectorOptions): buildConnector.connector {
  const byPort = new Map<number, buildConnector.connector>()
  return (target, callback) => {
    const port = portOf(target)
    const forbidden = forbiddenLiteral(target, options.policy)
    if (forbidden) return callback(forbidden, null)
    if (byPort.size >= connectorsMax) byPort.clear()
    const connect = byPort.get(port) ?? connectorOf(options, port)
    byPort.set(port, connect)
    connectMeasured(connect, target, (...[error, socket]) => {
      if (error) return callback(error, null)
      const reached = judgeAddress(socket.remoteAddress ?? '', port, options.policy)
      if (reached.allowed) return callback(null, skipInterimHeads(socket))
      socket.destroy()
      return callback(new AddressForbiddenError(reached.reason), null)
    })
  }
}

/** Connects and records the duration of each phase for the current exchange. */
function connectMeasured(
  connect: buildConnector.connector,
  target: buildConnector.Options,
  callback: buildConnector.Callback,
): void {
  const phases = phasesStorage.getStore()
  const start = performance.now()
  let connectedAt = start
  const socket: unknown = connect(target, (...[error, opened]) => {
    if (error) return callback(error, null)
    if (phases && target.protocol === 'https:') phases.tlsMs = performance.now() - connectedAt
    return callback(null, opened)
  })
  if (!phases || !(socket instanceof Socket)) return
  // Before undici's own listener, which writes the request.
  socket.prependOnceListener('connect', () => {
    connectedAt = performance.now()
    phases.connectMs = connectedAt - start - (phases.dnsMs ?? 0)
  })
}

/** The refusal of a target that is a forbidden IP address; null for allowed addresses and for names. */
export function forbiddenLiteral(
  target: buildConnector.Options,
  policy: AddressPolicy,
): AddressForbiddenError | null {
  const literal = target.hostname.replace(/^\[|\]$/g, '')
  if (isIP(literal) === 0) return null
  const verdict = judgeAddress(literal, portOf(target), policy)
  return verdict.allowed ? null : new AddressForbiddenError(verdict.reason)
}

function portOf({ port, protocol }: buildConnector.Options): number {
  return Number(port || (protocol === 'http:' ? 80 : 443))
}

function connectorOf(
  { policy, connectTimeoutMs, ca, resolve = resolveBySystem }: ConnectorOptions,
  port: number,
) {
  return buildConnector({
    timeout: connectTimeoutMs,
    allowH2: false,
    lookup: guardedLookup(policy, port, resolve),
    ...(ca !== undefined && { ca }),
  })
}

/** A lookup that checks every address before it returns any. */
function guardedLookup(policy: AddressPolicy, port: number, resolve: ResolveHost): LookupFunction {
  return callbackify(async (hostname: string, _options: unknown): Promise<LookupAddress[]> => {
    const start = performance.now()
    const addresses = await resolveName(resolve, hostname)
    const phases = phasesStorage.getStore()
    if (phases) phases.dnsMs = performance.now() - start
    for (const { address } of addresses) {
      const verdict = judgeResolvedAddress(hostname, address, port, policy)
      if (!verdict.allowed) throw new AddressForbiddenError(verdict.reason)
    }
    return addresses.slice(0, addressesTriedMax).map(({ address }) => ({ address, family: isIP(address) }))
  })
}

/** Turns resolver errors and empty results into NameNotResolvedError. Node crashes on an empty result. */
async function resolveName(resolve: ResolveHost, hostname: string): Promise<readonly { address: string }[]> {
  let addresses: readonly { address: string }[]
  try {
    addresses = await resolve(hostname)
  } catch (error) {
    throw new NameNotResolvedError((error as NodeJS.ErrnoException).code ?? 'UNKNOWN')
  }
  if (addresses.length === 0) throw new NameNotResolvedError('ENODATA')
  return addresses
}

function resolveBySystem(hostname: string): Promise<LookupAddress[]> {
  return systemLookup(hostname, { all: true })
}
