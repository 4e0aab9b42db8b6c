import type { Writable } from 'node:stream'

/** What both ioredis's client and BullMQ's proxy of it have. */
interface StreamClient {
  on: (event: 'connect', listener: () => void) => unknown
}

/**
 * Sends what a client writes in one turn of the event loop in one write to the socket. ioredis's own option for this
 * (`enableAutoPipelining`) makes a pipeline in each turn, which copies every script of the connection.
 * @returns the same client
 */
export function corkWrites<Client extends StreamClient>(client: Client): Client {
  const corkStream = (): void => {
    // The property is in no public type of ioredis: the socket, which changes with each connection.
    const { stream } = client as unknown as { stream?: Writable }
    if (stream) corkEachTurn(stream)
  }
  client.on('connect', corkStream)
  corkStream()
  return client
}

const corkedStreams = new WeakSet<Writable>()

function corkEachTurn(stream: Writable): void {
  if (corkedStreams.has(stream)) return
  corkedStreams.add(stream)
  let isCorked = false
  const write = stream.write.bind(stream) as (...parameters: unknown[]) => boolean
  const uncork = (): void => {
    isCorked = false
    stream.uncork()
  }
  stream.write = (...parameters: unknown[]): boolean => {
    if (!isCorked) {
      isCorked = true
      stream.cork()
      setImmediate(uncork)
    }
    return write(...parameters)
  }
}
