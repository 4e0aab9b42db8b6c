import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** The receiver's record of one delivery. */
export interface Received {
  /** Number of 2xx responses that reached the sender. */
  acknowledged: number
  /** Number of requests. */
  requests: number
}

export type ReceiverMode = 'fair' | 'refuses' | 'hangs' | 'fails'

/** Two receivers that record every request: a healthy one, which faults can break, and one that often fails. */
export interface ChaosReceiver {
  ports: readonly number[]
  /** Address for the next export: mostly the healthy receiver. */
  urlFor: (request: number) => string
  received: ReadonlyMap<string, Received>
  /** Sets the behaviour of the healthy receiver. */
  setMode: (mode: ReceiverMode) => Promise<void>
  stop: () => Promise<void>
}

/** One in this many requests goes to the failing receiver. */
const flakyEvery = 10

export async function startChaosReceiver(): Promise<ChaosReceiver> {
  const received = new Map<string, Received>()
  let mode: ReceiverMode = 'fair'
  const recordRequest = (request: IncomingMessage): Received => {
    const id = String(request.headers['webhook-id'])
    const entry = received.get(id) ?? { acknowledged: 0, requests: 0 }
    received.set(id, entry)
    entry.requests += 1
    return entry
  }
  const good = await listen((request, response) => {
    const entry = recordRequest(request)
    if (mode === 'hangs') return
    if (mode === 'fails') return void response.writeHead(503).end()
    acknowledge(entry, response)
  })
  const flaky = await listen((request, response) => {
    const entry = recordRequest(request)
    const behaviour = entry.requests === 1 ? Number(/(\d)$/.exec(request.url ?? '')?.[1] ?? 0) : 9
    if (behaviour <= 1) return void request.socket.resetAndDestroy()
    if (behaviour <= 3) return void response.writeHead(500).end()
    if (behaviour === 4) return void setTimeout(() => acknowledge(entry, response), 300)
    acknowledge(entry, response)
  })
  return {
    ports: [good.port, flaky.port],
    urlFor: (request) =>
      request % flakyEvery === 0
        ? `http://127.0.0.1:${flaky.port}/hooks/${request / flakyEvery}`
        : `http://127.0.0.1:${good.port}/hooks/${request}`,
    received,
    setMode: async (next) => {
      mode = next
      await (next === 'refuses' ? good.close() : good.open())
    },
    stop: async () => {
      await good.close()
      await flaky.close()
    },
  }
}

function acknowledge(entry: Received, response: ServerResponse): void {
  // Count only a response that reached the sender: a worker that died did not read it.
  response.on('finish', () => void (entry.acknowledged += 1))
  response.writeHead(200).end()
}

interface SwitchableServer {
  port: number
  open: () => Promise<void>
  close: () => Promise<void>
}

async function listen(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<SwitchableServer> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((request, response) => {
    request.resume()
    request.once('end', () => handle(request, response))
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
  })
  const open = async (port: number): Promise<number> => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }
  const port = await open(0)
  return {
    port,
    open: async () => void (server.listening || (await open(port))),
    close: async () => {
      if (!server.listening) return
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
