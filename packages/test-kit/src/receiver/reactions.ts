import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'

/** What the receiver does with a request. Its body has been read when this is called. */
export type Reaction = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>

/** Answers with a status, and with headers and a body where given. */
export function respond(
  status: number,
  content: { headers?: Record<string, string>; body?: string } = {},
): Reaction {
  return (_request, response) => {
    response.writeHead(status, content.headers)
    response.end(content.body)
  }
}

/** Does something else, but only after so many milliseconds. */
export function slow(ms: number, reaction: Reaction): Reaction {
  return async (request, response) => {
    await new Promise((resolve) => setTimeout(resolve, ms))
    await reaction(request, response)
  }
}

/** Closes the connection in order, without an answer. */
export function closeSocket(): Reaction {
  return (request) => void request.socket.end()
}

/** Breaks the connection off, without an answer. */
export function resetSocket(): Reaction {
  return (request) => void request.socket.resetAndDestroy()
}

/** Takes the request and says nothing, for as long as the other side stays. */
export function neverRespond(): Reaction {
  return () => {}
}

/** Answers 200 and sends the body a byte at a time, without end. */
export function dripBody({ bytesPerSecond }: { bytesPerSecond: number }): Reaction {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' })
    response.flushHeaders()
    drip(response, bytesPerSecond, () => 'x')
  }
}

/** Sends the head of an answer a byte at a time, without end. */
export function dripHead(bytesPerSecond = 20): Reaction {
  const head = `HTTP/1.1 200 OK\r\nx-slow: ${'x'.repeat(10_000)}`
  return ({ socket }) => {
    let at = 0
    drip(socket, bytesPerSecond, () => head[at++] ?? 'x')
  }
}

/** Sends headers without end, as fast as they are taken. */
export function endlessHead(): Reaction {
  return async ({ socket }) => {
    socket.write('HTTP/1.1 200 OK\r\n')
    for (let n = 0; !socket.destroyed; n += 1) await write(socket, `x-header-${n}: ${'y'.repeat(1_000)}\r\n`)
  }
}

/** Answers 200 with a body of so many bytes, as fast as they are taken. */
export function hugeBody(bytes: number): Reaction {
  const piece = Buffer.alloc(64 * 1_024, 'z')
  return async (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain', 'content-length': bytes })
    for (let sent = 0; sent < bytes && !response.destroyed; sent += piece.length) {
      await write(response, piece.subarray(0, Math.min(piece.length, bytes - sent)))
    }
    response.end()
  }
}

/** Answers with a small compressed body that would be large when inflated. */
export function gzipBomb(inflatedBytes: number): Reaction {
  const body = gzipSync(Buffer.alloc(inflatedBytes))
  return (_request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'text/plain' })
    response.end(body)
  }
}

/** Answers with something that is no HTTP. */
export function malformed(): Reaction {
  return ({ socket }) => void socket.end('SSH-2.0-OpenSSH_9.2\r\n\r\n')
}

/** Answers with this status and the beginning of a body, then breaks off. */
export function resetMidBody(status = 200): Reaction {
  return async (request, response) => {
    response.writeHead(status, { 'content-type': 'text/plain', 'content-length': 1_000 })
    await write(response, 'the beginning')
    setTimeout(() => request.socket.resetAndDestroy(), 20)
  }
}

function drip(target: Socket | ServerResponse, bytesPerSecond: number, next: () => string): void {
  target.write(next())
  const timer = setInterval(() => target.write(next()), 1_000 / bytesPerSecond)
  target.once('close', () => clearInterval(timer))
  target.once('error', () => clearInterval(timer))
}

/** Writes and waits while the other side is slower; ends waiting when it goes away. */
async function write(target: Socket | ServerResponse, piece: string | Buffer): Promise<void> {
  if (target.write(piece) || target.destroyed) return
  const ended = new AbortController()
  const writable = ['drain', 'close'].map((event) => once(target, event, { signal: ended.signal }))
  await Promise.race(writable).catch(() => {})
  ended.abort()
  await Promise.allSettled(writable)
}
