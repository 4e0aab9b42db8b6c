import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { waitUntil } from '../wait-until.ts'
import { respond, type Reaction } from './reactions.ts'

export type { Reaction } from './reactions.ts'

export interface ReceivedRequest {
  method: string
  path: string
  headers: IncomingHttpHeaders
  /** Alternating names and values, as sent. */
  rawHeaders: string[]
  body: string
  /**
   * Parses the body as JSON.
   * @throws when it is not JSON
   */
  json: () => unknown
  receivedAt: Date
}

export type CertificateName = 'good' | 'expired' | 'wrong-host' | 'public-name'

export interface ReceiverOptions {
  /** Serves HTTPS with a certificate that is valid, expired, for another host, or for hooks.acme.com. */
  certificate?: CertificateName
  /** Port of an earlier receiver that starts again; a free port by default. */
  port?: number
  /** The loopback address to listen on; 127.0.0.1 by default. */
  address?: string
}

export interface Receiver {
  /** Address with a slash at the end. */
  url: string
  /** Address without a slash at the end. */
  origin: string
  port: number
  /** All received requests, oldest first. */
  requests: ReceivedRequest[]
  /** Number of accepted connections. */
  connections: () => number
  /** Sets one reaction for each of the next requests; later requests get the reaction of `always`. */
  next: (...reactions: Reaction[]) => void
  always: (reaction: Reaction) => void
  /**
   * Waits until `count` requests have arrived.
   * @throws with the received requests
   */
  waitForRequests: (count: number, timeoutMs?: number) => Promise<ReceivedRequest[]>
  stop: () => Promise<void>
}

/** Starts a real HTTP server on its own port. It responds 200 until a test sets another reaction. */
export async function startReceiver(options: ReceiverOptions = {}): Promise<Receiver> {
  const requests: ReceivedRequest[] = []
  const sockets = new Set<Socket>()
  const queuedReactions: Reaction[] = []
  let connections = 0
  let defaultReaction: Reaction = respond(200)
  const server = openServer(options, async (request, response) => {
    requests.push(await readRequest(request))
    await (queuedReactions.shift() ?? defaultReaction)(request, response)
  })
  server.on('connection', (socket: Socket) => {
    connections += 1
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
  })
  const { address = '127.0.0.1' } = options
  server.listen(options.port ?? 0, address)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const origin = options.certificate ? `https://localhost:${port}` : `http://${address}:${port}`
  return {
    url: `${origin}/`,
    origin,
    port,
    requests,
    connections: () => connections,
    next: (...reactions) => void queuedReactions.push(...reactions),
    always: (reaction) => {
      queuedReactions.length = 0
      defaultReaction = reaction
    },
    waitForRequests: (count, timeoutMs) => waitForRequests(requests, count, timeoutMs),
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

async function waitForRequests(
  requests: ReceivedRequest[],
  count: number,
  timeoutMs?: number,
): Promise<ReceivedRequest[]> {
  const enoughRequests = (): ReceivedRequest[] | false => requests.length >= count && requests
  try {
    return await waitUntil(`the receiver has ${count} requests`, enoughRequests, timeoutMs)
  } catch (error) {
    const receivedLines = requests.map(({ method, path, body }) => `${method} ${path} ${body}`)
    throw new Error(
      `Waited for ${count} requests; ${receivedLines.length} arrived:\n${receivedLines.join('\n')}`,
      {
        cause: error,
      },
    )
  }
}

/** Authorities of the receiver's valid, expired and public-name certificates. */
export function testCertificateAuthority(): string {
  return readCertificate('ca.pem') + readCertificate('public-name.pem')
}

function openServer({ certificate }: ReceiverOptions, handle: Reaction): Server {
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    Promise.resolve(handle(request, response)).catch(() => response.destroy())
  }
  if (!certificate) return createServer(listener)
  return createTlsServer(receiverCredentials(certificate), listener)
}

/** One of the receiver's certificates with its key, as PEM. */
export function receiverCredentials(certificate: CertificateName): { cert: string; key: string } {
  return { cert: readCertificate(`${certificate}.pem`), key: readCertificate(`${certificate}.key`) }
}

function readCertificate(name: string): string {
  return readFileSync(new URL(`certificates/${name}`, import.meta.url), 'utf8')
}

async function readRequest(request: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const { method = '', url = '', headers, rawHeaders } = request
  const body = Buffer.concat(chunks).toString('utf8')
  const json = (): unknown => JSON.parse(body)
  return { method, path: url, headers, rawHeaders, body, json, receivedAt: new Date() }
}
