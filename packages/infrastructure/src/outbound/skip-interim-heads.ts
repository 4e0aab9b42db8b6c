import type { Socket } from 'node:net'

/** A longer interim head is left to the client, which refuses heads of that size. */
const headBytesMax = 16_384
/** Of any interim answer but 101, which would make the connection speak another protocol. */
const statusLine = /^HTTP\/1\.[01] 1(?!01)\d\d/
const statusLineExample = 'HTTP/1.1 102'
const end = Buffer.from('\r\n\r\n')
const noBytes = Buffer.alloc(0)

/**
 * Takes interim answers (1xx) out of what is read from a connection. "A client MUST be able to parse one or more 1xx
 * responses received prior to a final response, even if the client does not expect one" (RFC 9110 §15.2); undici 8
 * ends the connection on a 100, which leaves it unknown what became of the request.
 */
export function skipInterimHeads<S extends Socket>(socket: S): S {
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean
  const read = socket.read.bind(socket) as (size?: number) => Buffer | null
  let buffered: Buffer = noBytes
  // What is written belongs to a request, and one request at a time is under way: what comes next is a head.
  let atHead = false
  const readHead = (): Buffer | null => {
    for (let chunk = read(); chunk !== null; chunk = read()) {
      const { rest, isComplete } = skipInterim(
        buffered.length === 0 ? chunk : Buffer.concat([buffered, chunk]),
      )
      buffered = rest
      if (!isComplete) continue
      buffered = noBytes
      atHead = false
      return rest
    }
    return null
  }
  return Object.assign(socket, {
    write: (...args: unknown[]): boolean => {
      atHead = true
      return write(...args)
    },
    read: (size?: number): Buffer | null => (atHead && size === undefined ? readHead() : read(size)),
  })
}

/** What follows all interim heads, and whether it is known to be something else. */
function skipInterim(bytes: Buffer): { rest: Buffer; isComplete: boolean } {
  let rest = bytes
  while (isInterim(rest)) {
    const at = rest.indexOf(end)
    const length = at === -1 ? rest.length : at
    if (length > headBytesMax) return { rest, isComplete: true }
    if (at === -1) return { rest, isComplete: false }
    rest = rest.subarray(at + end.length)
  }
  return { rest, isComplete: true }
}

/** Whether these bytes begin an interim head, or are too few to tell. */
function isInterim(bytes: Buffer): boolean {
  const text = bytes.toString('latin1', 0, statusLineExample.length)
  return statusLine.test(text + statusLineExample.slice(text.length))
}
