import { createSocket } from 'node:dgram'
import { once } from 'node:events'

/** A name server on loopback. Names under `ok.test` have the address 127.0.0.1; others get no response at all. */
export interface NameServer {
  /** `address:port`. */
  address: string
  stop: () => Promise<void>
}

/** RFC 1035 §4.1.1: id, flags, four counts. */
const headBytes = 12
const responseFlags = 0x8180
const addressType = 1
const internetClass = 1
const ttlSeconds = 60

export async function startNameServer(): Promise<NameServer> {
  const socket = createSocket('udp4')
  socket.on('message', (query, { port, address }) => {
    const response = respondTo(query)
    if (response) socket.send(response, port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return {
    address: `127.0.0.1:${socket.address().port}`,
    stop: async () => {
      const closed = once(socket, 'close')
      socket.close()
      await closed
    },
  }
}

/** The response to a query with one question; null for a name that gets none. */
function respondTo(query: Buffer): Buffer | null {
  const labels: string[] = []
  let at = headBytes
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  if (!labels.join('.').toLowerCase().endsWith('.ok.test')) return null
  const question = query.subarray(headBytes, at + 5)
  const hasAddress = query.readUInt16BE(at + 1) === addressType
  const head = Buffer.alloc(headBytes)
  query.copy(head, 0, 0, 2)
  head.writeUInt16BE(responseFlags, 2)
  head.writeUInt16BE(1, 4)
  head.writeUInt16BE(hasAddress ? 1 : 0, 6)
  return Buffer.concat([head, question, ...(hasAddress ? [addressRecord()] : [])])
}

/** The record of 127.0.0.1 for the name of the question. */
function addressRecord(): Buffer {
  const record = Buffer.alloc(16)
  // A pointer to the name behind the head (RFC 1035 §4.1.4).
  record.writeUInt16BE(0xc000 + headBytes, 0)
  record.writeUInt16BE(addressType, 2)
  record.writeUInt16BE(internetClass, 4)
  record.writeUInt32BE(ttlSeconds, 6)
  record.writeUInt16BE(4, 10)
  record.set([127, 0, 0, 1], 12)
  return record
}
