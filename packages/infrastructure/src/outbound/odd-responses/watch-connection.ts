import type { Socket } from 'node:net'
import { takeRecord, type ExchangeRecord } from './exchange-record.ts'
import { openHeadReader, type HeadReader } from './head-reader.ts'

/** How long a response may still arrive after the request could not be written, in milliseconds. */
const responseAfterErrorMs = 500

type WriteDone = (error?: Error | null) => void

/**
 * Watches a connection: reads the head of each response before the HTTP client does, and notes for each exchange what
 * the client does not report.
 */
export function watchConnection<S extends Socket>(socket: S): S {
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean
  const read = socket.read.bind(socket) as (size?: number) => Buffer | null
  let record: ExchangeRecord | null = null
  let reader: HeadReader | null = null
  const readHead = (): Buffer | null => {
    for (let chunk = read(); chunk !== null; chunk = read()) {
      if (record) record.hasReceived = true
      const forClient = reader ? reader.push(chunk, socket.writableLength > 0) : chunk
      if (forClient === null) continue
      reader = null
      return forClient
    }
    return null
  }
  socket.on('error', (error) => {
    if (record) record.error ??= error
  })
  outliveWriteErrors(socket, (error) => {
    if (record) record.error ??= error
  })
  return Object.assign(socket, {
    write: (...args: unknown[]): boolean => {
      const next = takeRecord()
      if (next) {
        record = next
        reader = openHeadReader(next)
      }
      return write(...args)
    },
    read: (size?: number): Buffer | null => (reader && size === undefined ? readHead() : read(size)),
  })
}

/* oxlint-disable no-underscore-dangle -- Node's names of a stream's implementation */

/**
 * Keeps a connection open for a moment after a failed write. A receiver may respond before it has read the whole
 * request, and close. A client "SHOULD monitor the open connection for an error response while it is transmitting the
 * request" (RFC 9112 §9.5), but Node destroys a socket, with what it has received, when a write fails.
 */
function outliveWriteErrors(socket: Socket, onError: (error: Error) => void): void {
  const writeOne = socket._write.bind(socket)
  const writeMany = socket._writev?.bind(socket)
  const forgive =
    (done: WriteDone): WriteDone =>
    (error) => {
      if (!error || socket.destroyed) return done(error)
      onError(error)
      const timer = setTimeout(() => socket.destroy(error), responseAfterErrorMs)
      socket.once('close', () => clearTimeout(timer))
      return done()
    }
  socket._write = (chunk, encoding, done) => writeOne(chunk, encoding, forgive(done))
  if (writeMany) socket._writev = (chunks, done) => writeMany(chunks, forgive(done))
}
