import type { Socket } from 'node:net'

/** Longer interim heads are passed to undici, which refuses them. */
const headBytesMax = 16_384
/** Matches every interim response except 101, which switches the connection's protocol. */
const statusLine = /^HTTP\/1\.[01] 1(?!01)\d\d/
const statusLineExample = 'HTTP/1.1 102'
const end = Buffer.from('\r\n\r\n')
const noBytes = Buffer.alloc(0)

/**
 * Removes interim responses (1xx) from the bytes read from a connection. "A client MUST be able to parse one or more
 * 1xx responses received prior to a final response, even if the client does not expect one" (RFC 9110 §15.2). undici
 * 8 closes the connection on a 100, and then the request's outcome is unknown.
 */
export function skipInterimHeads<S extends Socket>(socket: S): S {
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean
  const read = socket.read.bind(socket) as (size?: number) => Buffer | null
  let buffered: Buffer = noBytes
  // Each write belongs to a request, and a connection has one request in flight, so a head comes next.
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

/** The bytes after all interim heads, and whether they certainly begin the final response. */
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

/** Whether these bytes begin an interim head, or are too few to decide. */
function isInterim(bytes: Buffer): boolean {
  const text = bytes.toString('latin1', 0, statusLineExample.length)
  return statusLine.test(text + statusLineExample.slice(text.length))
}
