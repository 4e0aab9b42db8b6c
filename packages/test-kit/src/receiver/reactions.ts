import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'

/** What the receiver does with a request. Its body has been read when this is called. */
export type Reaction = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>

/** Responds with a status, headers and a body. */
export function respond(
  status: number,
  content: { headers?: Record<string, string>; body?: string } = {},
): Reaction {
  return (_request, response) => {
    response.writeHead(status, content.headers)
    response.end(content.body)
  }
}

/** Runs another reaction after `ms` milliseconds. */
export function slow(ms: number, reaction: Reaction): Reaction {
  return async (request, response) => {
    await new Promise((resolve) => setTimeout(resolve, ms))
    await reaction(request, response)
  }
}

/** Closes the connection without a response. */
export function closeSocket(): Reaction {
  return (request) => void request.socket.end()
}

/** Resets the connection without a response. */
export function resetSocket(): Reaction {
  return (request) => void request.socket.resetAndDestroy()
}

/** Reads the request and never responds. */
export function neverRespond(): Reaction {
  return () => {}
}

/** Responds 200 and sends an endless body, a byte at a time. */
export function dripBody({ bytesPerSecond }: { bytesPerSecond: number }): Reaction {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' })
    response.flushHeaders()
    drip(response, bytesPerSecond, () => 'x')
  }
}

/** Sends an endless response head, a byte at a time. */
export function dripHead(bytesPerSecond = 20): Reaction {
  const head = `HTTP/1.1 200 OK\r\nx-slow: ${'x'.repeat(10_000)}`
  return ({ socket }) => {
    let at = 0
    drip(socket, bytesPerSecond, () => head[at++] ?? 'x')
  }
}

/** Sends endless headers as fast as the client reads. */
export function endlessHead(): Reaction {
  return async ({ socket }) => {
    socket.write('HTTP/1.1 200 OK\r\n')
    for (let n = 0; !socket.destroyed; n += 1) await write(socket, `x-header-${n}: ${'y'.repeat(1_000)}\r\n`)
  }
}

/** Responds 200 with a body of this many bytes, as fast as the client reads. */
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

/** Responds with a small compressed body that inflates to a large one. */
export function gzipBomb(inflatedBytes: number): Reaction {
  const body = gzipSync(Buffer.alloc(inflatedBytes))
  return (_request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'text/plain' })
    response.end(body)
  }
}

/** Sends exactly this text and closes the connection. */
export function rawResponse(text: string): Reaction {
  return ({ socket }) => void socket.end(text)
}

/** Sends bytes that are not HTTP. */
export function malformed(): Reaction {
  return ({ socket }) => void socket.end('SSH-2.0-OpenSSH_9.2\r\n\r\n')
}

/** Responds with this status and the first part of a body, then resets the connection. */
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

/** Writes, and waits while the client reads more slowly; stops waiting when the client closes. */
async function write(target: Socket | ServerResponse, piece: string | Buffer): Promise<void> {
  if (target.write(piece) || target.destroyed) return
  const ended = new AbortController()
  const writable = ['drain', 'close'].map((event) => once(target, event, { signal: ended.signal }))
  await Promise.race(writable).catch(() => {})
  ended.abort()
  await Promise.allSettled(writable)
}
