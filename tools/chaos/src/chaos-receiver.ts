import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** What the receiver wrote down of one delivery. */
export interface Received {
  /** How often it was answered 2xx. */
  taken: number
  /** How often it came at all. */
  requests: number
}

export type Weather = 'fair' | 'refuses' | 'hangs' | 'fails'

/** Two receivers: one well-behaved unless told otherwise, one with bad habits of its own. Both write down everything. */
export interface ChaosReceiver {
  ports: readonly number[]
  /** Where the load sends: mostly to the good one. */
  urlFor: (request: number) => string
  received: ReadonlyMap<string, Received>
  /** What the good one does from now on. */
  setWeather: (weather: Weather) => Promise<void>
  stop: () => Promise<void>
}

/** One in so many requests goes to the receiver with bad habits. */
const flakyShare = 10

export async function startChaosReceiver(): Promise<ChaosReceiver> {
  const received = new Map<string, Received>()
  let weather: Weather = 'fair'
  const note = (request: IncomingMessage): Received => {
    const id = String(request.headers['webhook-id'])
    const noted = received.get(id) ?? { taken: 0, requests: 0 }
    received.set(id, noted)
    noted.requests += 1
    return noted
  }
  const good = await listen((request, response) => {
    const noted = note(request)
    if (weather === 'hangs') return
    if (weather === 'fails') return void response.writeHead(503).end()
    take(noted, response)
  })
  const flaky = await listen((request, response) => {
    const noted = note(request)
    const habit = noted.requests === 1 ? Number(/(\d)$/.exec(request.url ?? '')?.[1] ?? 0) : 9
    if (habit <= 1) return void request.socket.resetAndDestroy()
    if (habit <= 3) return void response.writeHead(500).end()
    if (habit === 4) return void setTimeout(() => take(noted, response), 300)
    take(noted, response)
  })
  return {
    ports: [good.port, flaky.port],
    urlFor: (request) =>
      request % flakyShare === 0
        ? `http://127.0.0.1:${flaky.port}/hooks/${request / flakyShare}`
        : `http://127.0.0.1:${good.port}/hooks/${request}`,
    received,
    setWeather: async (next) => {
      weather = next
      await (next === 'refuses' ? good.close() : good.open())
    },
    stop: async () => {
      await good.close()
      await flaky.close()
    },
  }
}

function take(noted: Received, response: ServerResponse): void {
  // Only what reached the other side counts: a worker that died has not heard it.
  response.on('finish', () => void (noted.taken += 1))
  response.writeHead(200).end()
}

interface Listening {
  port: number
  open: () => Promise<void>
  close: () => Promise<void>
}

async function listen(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Listening> {
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
