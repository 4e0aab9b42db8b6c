import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { createConnection, type AddressInfo, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { receiverCredentials } from './receiver/receiver.ts'

/** Behaviour of the proxy at a CONNECT request. */
export type ConnectReaction =
  | { kind: 'open' }
  /** Responds with a status and opens no tunnel. */
  | { kind: 'refuse'; status: number }
  /** Sends these bytes and closes. */
  | { kind: 'say'; text: string }
  /** Sends these bytes one at a time and keeps the connection. */
  | { kind: 'drip'; text: string; everyMs: number }
  | { kind: 'reset' }
  | { kind: 'silent' }

export interface ConnectProxyOptions {
  /** `user:password`; the proxy responds 407 to other credentials. */
  auth?: string
  /** True serves TLS with a certificate for 127.0.0.1. */
  tls?: boolean
}

export interface ConnectProxy {
  /** Address without credentials, with a slash at the end. */
  url: string
  port: number
  /** Host and port of every CONNECT request, oldest first. */
  tunnelRequests: string[]
  /** Number of opened tunnels. */
  tunnels: () => number
  /** Number of open connections. */
  connections: () => number
  /** Requests other than CONNECT. */
  otherRequests: () => number
  always: (reaction: ConnectReaction) => void
  stop: () => Promise<void>
}

/** Starts a real HTTP proxy on loopback that supports only CONNECT. It resolves every name to 127.0.0.1. */
export async function startConnectProxy(options: ConnectProxyOptions = {}): Promise<ConnectProxy> {
  const server = options.tls ? createTlsServer(receiverCredentials('good')) : createServer()
  const sockets = new Set<Duplex>()
  const tunnelRequests: string[] = []
  let defaultReaction: ConnectReaction = { kind: 'open' }
  let tunnels = 0
  let otherRequests = 0
  const track = <S extends Duplex>(socket: S): S => {
    sockets.add(socket)
    return socket.on('error', () => {}).on('close', () => sockets.delete(socket))
  }
  server.on('connection', track)
  server.on('request', (_request, response) => {
    otherRequests += 1
    response.writeHead(405).end()
  })
  server.on('connect', (request: IncomingMessage, client: Duplex) => {
    track(client)
    tunnelRequests.push(request.url ?? '')
    const reaction = isAuthorized(request, options.auth)
      ? defaultReaction
      : ({ kind: 'refuse', status: 407 } as const)
    if (reaction.kind !== 'open') return react(client, request.socket, reaction)
    tunnels += 1
    return pipeTunnel(client, track(createConnection({ port: portIn(request), host: '127.0.0.1' })))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}/`,
    port,
    tunnelRequests,
    tunnels: () => tunnels,
    connections: () => sockets.size,
    otherRequests: () => otherRequests,
    always: (reaction) => void (defaultReaction = reaction),
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

function isAuthorized({ headers }: IncomingMessage, auth: string | undefined): boolean {
  const expected = `Basic ${Buffer.from(auth ?? '').toString('base64')}`
  return auth === undefined || headers['proxy-authorization'] === expected
}

function portIn({ url = '' }: IncomingMessage): number {
  return Number(url.slice(url.lastIndexOf(':') + 1))
}

function pipeTunnel(client: Duplex, upstream: Socket): void {
  const refuse = (): void => void client.end('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n')
  upstream.once('error', refuse).on('connect', () => {
    upstream.off('error', refuse)
    client.write('HTTP/1.1 200 Connection established\r\n\r\n')
    client.pipe(upstream).pipe(client)
  })
  upstream.on('close', () => (client.writableEnded ? undefined : client.destroy()))
  client.on('close', () => upstream.destroy())
}

function react(client: Duplex, socket: Socket, reaction: Exclude<ConnectReaction, { kind: 'open' }>): void {
  // A socket that is not read does not notice that its peer closed.
  client.resume().once('end', () => client.end())
  switch (reaction.kind) {
    case 'refuse':
      return void client.end(`HTTP/1.1 ${reaction.status} No\r\ncontent-length: 3\r\n\r\nno\n`)
    case 'say':
      return void client.end(reaction.text)
    case 'drip':
      return drip(client, reaction)
    case 'reset':
      return void socket.resetAndDestroy()
    case 'silent':
  }
}

function drip(client: Duplex, { text, everyMs }: Extract<ConnectReaction, { kind: 'drip' }>): void {
  let at = 0
  const timer = setInterval(() => {
    client.write(text[at] ?? '')
    at += 1
    if (at >= text.length) clearInterval(timer)
  }, everyMs)
  client.once('close', () => clearInterval(timer))
}
