import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { respond } from '@ghostpost/test-kit/receiver/reactions'
import { startReceiver, type Reaction } from '@ghostpost/test-kit/receiver/receiver'

export interface HostileReceivers {
  /** Hosts that accept connections and never respond. */
  blackHoles: string[]
  /** Connections that the black holes accepted. */
  swallowed: () => number
  /** A host that everybody uses: responds by path. `throttled`: 429 for an hour; `broken`: 503; all others: 200. */
  shared: string
  /** Paths of the requests that the shared host got. */
  sharedPaths: () => string[]
  stop: () => Promise<void>
}

export async function startHostileReceivers(blackHoleCount: number): Promise<HostileReceivers> {
  const sockets = new Set<Socket>()
  let swallowed = 0
  const swallow = (socket: Socket): void => {
    swallowed += 1
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    socket.resume()
  }
  const servers = await Promise.all(Array.from({ length: blackHoleCount }, () => listen(swallow)))
  const shared = await startReceiver()
  shared.always(reactByPath)
  return {
    blackHoles: servers.map((server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`),
    swallowed: () => swallowed,
    shared: shared.url,
    sharedPaths: () => shared.requests.map(({ path }) => path),
    stop: async () => {
      for (const socket of sockets) socket.destroy()
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
      await shared.stop()
    },
  }
}

async function listen(serve: (socket: Socket) => void): Promise<Server> {
  const server = createServer(serve)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

const throttled = respond(429, { headers: { 'retry-after': '3600' } })
const broken = respond(503)
const healthy = respond(200)

const reactByPath: Reaction = (request, response) => {
  if (request.url === '/throttled') return throttled(request, response)
  if (request.url === '/broken') return broken(request, response)
  return healthy(request, response)
}
