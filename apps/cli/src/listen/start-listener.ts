import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { UsageError } from '../exit-codes.ts'
import { forwardWebhook, type ForwardedResponse } from './forward-webhook.ts'
import { readBody } from './read-body.ts'
import { openSeenWebhooks, type Repeat } from './seen-webhooks.ts'
import { checkSignature, type SignatureCheck, type SignatureKeys } from './verify-signature.ts'

/** A received webhook and the response to it. */
export interface Arrival {
  at: Date
  method: string
  path: string
  headers: IncomingMessage['headers']
  /** Null when it was too long. */
  body: Buffer | null
  check: SignatureCheck
  /** Null without a webhook-id. */
  seen: Repeat | null
  answered: number
  /** Why the program that it was forwarded to did not respond; null when it did, or without forwarding. */
  problem: string | null
}

export interface ListenerOptions {
  port: number
  keys: SignatureKeys
  /** Response status; not used with `forward`. */
  status: number
  forward: URL | null
  onArrival: (arrival: Arrival) => void
}

export interface Listener {
  url: string
  /** Closes the server and all connections, also active ones. */
  stop: () => Promise<void>
}

const bodyBytesMax = 1_048_576
/** Each connection may hold a body in memory. */
const connectionsMax = 32
const requestTimeoutMs = 30_000

/**
 * Starts a receiver on this machine that calls `onArrival` for each webhook.
 * @throws UsageError when the port is taken
 */
export async function startListener(options: ListenerOptions): Promise<Listener> {
  const stopping = new AbortController()
  const seen = openSeenWebhooks()
  const server = createServer({ requestTimeout: requestTimeoutMs }, (request, response) => {
    const receiving = receive(request, response, { ...options, seen, signal: stopping.signal })
    receiving.catch(() => response.destroy())
  })
  server.maxConnections = connectionsMax
  server.listen(options.port, '127.0.0.1')
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') throw error
    throw new UsageError(
      `Port ${options.port} is not available (${error.code}). Set another one with --port.`,
    )
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

interface ReceiveOptions extends ListenerOptions {
  seen: ReturnType<typeof openSeenWebhooks>
  signal: AbortSignal
}

async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  { keys, seen, status, forward, onArrival, signal }: ReceiveOptions,
): Promise<void> {
  const at = new Date()
  const { method = '', url: path = '', headers } = request
  const body = await readBody(request, bodyBytesMax)
  const id = headers['webhook-id']?.toString()
  const check = body === null ? tooLongCheck : checkSignature(headers, body, keys, at.getTime())
  const repeat = body === null || id === undefined ? null : seen.record(id, body)
  const ownReply = { status: body === null ? 413 : status, headers: {}, body: Buffer.alloc(0), problem: null }
  const reply =
    forward && body !== null ? await forwardWebhook(forward, { method, headers, body }, signal) : ownReply
  respond(response, reply, body === null)
  const { status: answered, problem } = reply
  onArrival({ at, method, path, headers, body, check, seen: repeat, answered, problem })
}

const tooLongCheck: SignatureCheck = { kind: 'invalid', why: `its body is longer than ${bodyBytesMax} bytes` }

function respond(
  response: ServerResponse,
  { status, headers, body }: ForwardedResponse,
  isTooLong: boolean,
): void {
  // Close the connection of a client that is still sending.
  response.writeHead(status, { ...headers, ...(isTooLong && { connection: 'close' }) })
  response.end(status === 204 || status === 304 ? undefined : body)
}
