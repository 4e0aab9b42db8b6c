import { once } from 'node:events'
import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net'
import { Transform } from 'node:stream'

/** What a fault proxy does to the connections through it. */
export type ProxyMode =
  | { kind: 'pass' }
  /** Every connection is broken, and new ones are refused by breaking them. */
  | { kind: 'cut' }
  /** Bytes arrive later, in both directions. */
  | { kind: 'delay'; delayMs: number }
  /** Bytes arrive one by one, with so much time between, in both directions. */
  | { kind: 'drip'; everyMs: number }
  /** Connections stay open and are accepted, and nothing arrives: a half-open network. */
  | { kind: 'silent' }

export interface FaultProxy {
  port: number
  /** Where connections lead; may change while it runs. */
  setTarget: (port: number) => void
  setMode: (mode: ProxyMode) => void
  connections: () => number
  stop: () => Promise<void>
}

/** A TCP proxy on loopback that can be told to misbehave, for tests on what a network does to us. */
export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  let mode: ProxyMode = { kind: 'pass' }
  let target = targetPort
  const sockets = new Set<Socket>()
  const track = (socket: Socket): Socket => {
    sockets.add(socket)
    return socket.on('error', () => {}).on('close', () => sockets.delete(socket))
  }
  const server = createServer((client) => {
    track(client)
    if (mode.kind === 'cut') return client.resetAndDestroy()
    const upstream = track(createConnection({ port: target, host: '127.0.0.1' }))
    client.pipe(faulty(() => mode)).pipe(upstream)
    upstream.pipe(faulty(() => mode)).pipe(client)
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const breakAll = (): void => {
    for (const socket of sockets) socket.resetAndDestroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    setTarget: (port) => void (target = port),
    setMode: (next) => {
      const wasSilent = mode.kind === 'silent'
      mode = next
      // What was swallowed is gone: a connection that lost bytes must not go on as if nothing had been.
      if (next.kind === 'cut' || wasSilent) breakAll()
    },
    connections: () => sockets.size / 2,
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      breakAll()
      await closed
    },
  }
}

function faulty(mode: () => ProxyMode): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const now = mode()
      if (now.kind === 'silent') return done()
      if (now.kind === 'delay') return void setTimeout(() => done(null, chunk), now.delayMs)
      if (now.kind === 'drip') return drip(this, chunk, now.everyMs, done)
      return done(null, chunk)
    },
  })
}

function drip(into: Transform, chunk: Buffer, everyMs: number, done: () => void): void {
  let at = 0
  const timer = setInterval(() => {
    if (into.destroyed || at >= chunk.length) {
      clearInterval(timer)
      return done()
    }
    at += 1
    return void into.push(chunk.subarray(at - 1, at))
  }, everyMs)
}
