import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { UsageError } from '../exit-codes.ts'
import { forwardWebhook, type Relayed } from './forward-webhook.ts'
import { readAtMost } from './read-at-most.ts'
import { openSeen, type Seen } from './seen-webhooks.ts'
import { checkSignature, type Check, type Keys } from './verify-signature.ts'

/** A webhook that came, and what was said to it. */
export interface Arrival {
  at: Date
  method: string
  path: string
  headers: IncomingMessage['headers']
  /** Null when it was too long to be read. */
  body: Buffer | null
  check: Check
  /** Null without a webhook-id. */
  seen: Seen | null
  answered: number
  /** Why the program it was forwarded to said nothing; null when it did, or there is none. */
  problem: string | null
}

export interface ListenerOptions {
  port: number
  keys: Keys
  /** What is answered; to be ignored where `forward` is given. */
  status: number
  forward: URL | null
  tell: (arrival: Arrival) => void
}

export interface Listener {
  url: string
  /** Ends all connections, also those under way. */
  stop: () => Promise<void>
}

const bodyBytesMax = 1_048_576
/** At once; each may hold a body. */
const connectionsMax = 32
const requestTimeoutMs = 30_000

/**
 * Starts a receiver on this machine that tells of each webhook, one after the other has been read.
 * @throws UsageError when the port is taken
 */
export async function startListener(options: ListenerOptions): Promise<Listener> {
  const stopping = new AbortController()
  const seen = openSeen()
  const server = createServer({ requestTimeout: requestTimeoutMs }, (request, response) => {
    const receiving = receive(request, response, { ...options, seen, signal: stopping.signal })
    receiving.catch(() => response.destroy())
  })
  server.maxConnections = connectionsMax
  server.listen(options.port, '127.0.0.1')
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') throw error
    throw new UsageError(`Port ${options.port} cannot be had (${error.code}). Say another one with --port.`)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    stop: async () => {
      stopping.abort()
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

interface Receiving extends ListenerOptions {
  seen: ReturnType<typeof openSeen>
  signal: AbortSignal
}

async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  { keys, seen, status, forward, tell, signal }: Receiving,
): Promise<void> {
  const at = new Date()
  const { method = '', url: path = '', headers } = request
  const body = await readAtMost(request, bodyBytesMax)
  const id = headers['webhook-id']?.toString()
  const check = body === null ? notRead : checkSignature(headers, body, keys, at.getTime())
  const noted = body === null || id === undefined ? null : seen.note(id, body)
  const own = { status: body === null ? 413 : status, headers: {}, body: Buffer.alloc(0), problem: null }
  const answer =
    forward && body !== null ? await forwardWebhook(forward, { method, headers, body }, signal) : own
  say(response, answer, body === null)
  const { status: answered, problem } = answer
  tell({ at, method, path, headers, body, check, seen: noted, answered, problem })
}

const notRead: Check = { kind: 'invalid', why: `its body is longer than ${bodyBytesMax} bytes` }

function say(response: ServerResponse, { status, headers, body }: Relayed, isCutOff: boolean): void {
  // Whoever is still sending is not listened to.
  response.writeHead(status, { ...headers, ...(isCutOff && { connection: 'close' }) })
  response.end(status === 204 || status === 304 ? undefined : body)
}
