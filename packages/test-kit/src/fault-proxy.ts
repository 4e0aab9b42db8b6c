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
  /** Those open now stay open and carry nothing ever again, as when a firewall forgets them; new ones are as usual. */
  forget: () => void
  connections: () => number
  /** How many came so far, the refused ones too. */
  totalConnections: () => number
  stop: () => Promise<void>
}

/** A TCP proxy on loopback that can be told to misbehave, for tests on what a network does to us. */
export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  let mode: ProxyMode = { kind: 'pass' }
  let target = targetPort
  const sockets = new Set<Socket>()
  let totalConnections = 0
  const connections = new Set<{ isForgotten: boolean }>()
  const track = (socket: Socket): Socket => {
    sockets.add(socket)
    return socket.on('error', () => {}).on('close', () => sockets.delete(socket))
  }
  const server = createServer((client) => {
    track(client)
    totalConnections += 1
    if (mode.kind === 'cut') return client.resetAndDestroy()
    const upstream = track(createConnection({ port: target, host: '127.0.0.1' }))
    const connection = { isForgotten: false }
    connections.add(connection)
    const currentMode = (): ProxyMode => (connection.isForgotten ? { kind: 'silent' } : mode)
    client.pipe(createFaultStream(currentMode)).pipe(upstream)
    upstream.pipe(createFaultStream(currentMode)).pipe(client)
    client.on('close', () => {
      connections.delete(connection)
      upstream.destroy()
    })
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
    forget: () => {
      for (const connection of connections) connection.isForgotten = true
    },
    connections: () => sockets.size / 2,
    totalConnections: () => totalConnections,
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      breakAll()
      await closed
    },
  }
}

function createFaultStream(mode: () => ProxyMode): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const currentMode = mode()
      if (currentMode.kind === 'silent') return done()
      if (currentMode.kind === 'delay') return void setTimeout(() => done(null, chunk), currentMode.delayMs)
      if (currentMode.kind === 'drip') return drip(this, chunk, currentMode.everyMs, done)
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
