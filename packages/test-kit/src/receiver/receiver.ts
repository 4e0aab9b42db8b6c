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
import { answer } from './reactions.ts'

export interface ReceivedRequest {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: string
  receivedAt: Date
}

/** What the receiver does with a request. Its body has been read when this is called. */
export type Reaction = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>

export interface ReceiverOptions {
  /** Serve HTTPS with a certificate that is good, has expired, or is somebody else's. */
  certificate?: 'good' | 'expired' | 'wrong-host'
}

export interface Receiver {
  /** With a slash at its end. */
  url: string
  port: number
  /** All requests so far, oldest first. */
  requests: ReceivedRequest[]
  /** How many connections were made so far. */
  connections: () => number
  /** What to do with the coming requests, one each; afterwards what `always` says again. */
  next: (...reactions: Reaction[]) => void
  always: (reaction: Reaction) => void
  waitForRequests: (count: number) => Promise<ReceivedRequest[]>
  stop: () => Promise<void>
}

/** A real HTTP server on a port of its own that does what a test tells it to. Answers 200 until told otherwise. */
export async function startReceiver(options: ReceiverOptions = {}): Promise<Receiver> {
  const requests: ReceivedRequest[] = []
  const sockets = new Set<Socket>()
  const coming: Reaction[] = []
  let connections = 0
  let standing: Reaction = answer(200)
  const server = openServer(options, async (request, response) => {
    requests.push(await readRequest(request))
    await (coming.shift() ?? standing)(request, response)
  })
  server.on('connection', (socket: Socket) => {
    connections += 1
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `${options.certificate ? 'https' : 'http'}://${options.certificate ? 'localhost' : '127.0.0.1'}:${port}/`,
    port,
    requests,
    connections: () => connections,
    next: (...reactions) => void coming.push(...reactions),
    always: (reaction) => {
      coming.length = 0
      standing = reaction
    },
    waitForRequests: (count) =>
      waitUntil(`the receiver has ${count} requests`, () => requests.length >= count && requests),
    stop: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/** The certificate authority behind the receiver's good and expired certificates. */
export function testCertificateAuthority(): string {
  return readCertificate('ca.pem')
}

function openServer({ certificate }: ReceiverOptions, handle: Reaction): Server {
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    Promise.resolve(handle(request, response)).catch(() => response.destroy())
  }
  if (!certificate) return createServer(listener)
  const credentials = {
    cert: readCertificate(`${certificate}.pem`),
    key: readCertificate(`${certificate}.key`),
  }
  return createTlsServer(credentials, listener)
}

function readCertificate(name: string): string {
  return readFileSync(new URL(`certificates/${name}`, import.meta.url), 'utf8')
}

async function readRequest(request: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const { method = '', url = '', headers } = request
  return { method, path: url, headers, body: Buffer.concat(chunks).toString('utf8'), receivedAt: new Date() }
}
