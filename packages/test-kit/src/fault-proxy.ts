import { once } from 'node:events'
import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net'
import { Transform } from 'node:stream'

/** Behaviour of a fault proxy for its connections. */
export type ProxyMode =
  | { kind: 'pass' }
  /** Resets every open and every new connection. */
  | { kind: 'cut' }
  /** Delays bytes in both directions. */
  | { kind: 'delay'; delayMs: number }
  /** Sends bytes one by one at this interval, in both directions. */
  | { kind: 'drip'; everyMs: number }
  /** Accepts connections, keeps them open and forwards nothing: a half-open network. */
  | { kind: 'silent' }

export interface FaultProxy {
  port: number
  /** Target of the connections; it may change at any time. */
  setTarget: (port: number) => void
  setMode: (mode: ProxyMode) => void
  /** Open connections forward nothing any more, as after a firewall lost its state; new ones work. */
  forget: () => void
  connections: () => number
  /** Number of accepted and refused connections. */
  totalConnections: () => number
  stop: () => Promise<void>
}

/** Starts a TCP proxy on loopback that simulates network faults. */
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
      // A connection that lost bytes must not continue.
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
