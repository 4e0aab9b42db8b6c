import { lookup as systemLookup } from 'node:dns/promises'
import type { LookupFunction } from 'node:net'
import { callbackify } from 'node:util'
import { judgeAddress, type AddressPolicy } from '@ghostpost/delivery'
import { buildConnector } from 'undici'

interface ResolvedAddress {
  address: string
  family: number
}

/** Every address of a host name. */
export type ResolveHost = (hostname: string) => Promise<readonly ResolvedAddress[]>

export interface ConnectorOptions {
  policy: AddressPolicy
  connectTimeoutMs: number
  ca?: string
  resolve?: ResolveHost
}

/** The address policy refused where a connection would have led. */
export class AddressForbiddenError extends Error {
  readonly reason: string

  constructor(reason: string) {
    super(`address not allowed: ${reason}`)
    this.name = 'AddressForbiddenError'
    this.reason = reason
  }
}

const connectorsMax = 500

/**
 * Connects only where the policy allows: it is asked about literal addresses here (no look-up ever sees them), about
 * all addresses a name resolves to, of which one forbidden refuses the name, and about the address the socket really
 * reached. What was checked is what is connected to: the look-up's result goes straight to the socket.
 */
export function guardedConnector(options: ConnectorOptions): buildConnector.connector {
  const byPort = new Map<number, buildConnector.connector>()
  return (target, callback) => {
    const port = Number(target.port || (target.protocol === 'http:' ? 80 : 443))
    const literal = target.hostname.replace(/^\[|\]$/g, '')
    const verdict = judgeAddress(literal, port, options.policy)
    if (!verdict.allowed && verdict.reason !== 'not_an_address') {
      callback(new AddressForbiddenError(verdict.reason), null)
      return
    }
    if (byPort.size >= connectorsMax) byPort.clear()
    const connect = byPort.get(port) ?? connectorOf(options, port)
    byPort.set(port, connect)
    connect(target, (...[error, socket]) => {
      if (error) return callback(error, null)
      const reached = judgeAddress(socket.remoteAddress ?? '', port, options.policy)
      if (reached.allowed) return callback(null, socket)
      socket.destroy()
      return callback(new AddressForbiddenError(reached.reason), null)
    })
  }
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

/** Checks every address before any is used; the checked ones go straight to the socket. */
function guardedLookup(policy: AddressPolicy, port: number, resolve: ResolveHost): LookupFunction {
  return callbackify(async (hostname: string, _options: unknown) => {
    const addresses = await resolve(hostname)
    for (const { address } of addresses) {
      const verdict = judgeAddress(address, port, policy)
      if (!verdict.allowed) throw new AddressForbiddenError(verdict.reason)
    }
    return [...addresses]
  })
}

function resolveBySystem(hostname: string): Promise<ResolvedAddress[]> {
  return systemLookup(hostname, { all: true })
}
