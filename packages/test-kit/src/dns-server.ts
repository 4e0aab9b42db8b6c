import { createSocket, type RemoteInfo } from 'node:dgram'
import { once } from 'node:events'

/** How the server treats a name. `hang`: it never responds. Addresses are IPv4 or IPv6; the TTL is in seconds. */
export type DnsReaction = 'hang' | 'servfail' | { addresses: readonly string[]; ttl?: number }

export interface DnsServer {
  /** `address:port`, as resolvers take it. */
  address: string
  /** Names without a reaction do not exist. */
  set: (name: string, reaction: DnsReaction) => void
  /** How it treats every name without a reaction of its own. */
  otherwise: (reaction: DnsReaction | null) => void
  /** The names that were asked for, in lower case, once per query. */
  queries: string[]
  stop: () => Promise<void>
}

const typeA = 1
const typeAaaa = 28
const classIn = 1
const codes = { ok: 0, servfail: 2, nameError: 3 }
const headerBytes = 12
/** A pointer to the name in the question (RFC 1035 §4.1.4). */
const nameInQuestion = 0xc0_0c

/** A name server on loopback, over UDP. */
export async function startDnsServer(): Promise<DnsServer> {
  const socket = createSocket('udp4')
  const reactions = new Map<string, DnsReaction>()
  let general: DnsReaction | null = null
  const queries: string[] = []
  socket.on('message', (query: Buffer, sender: RemoteInfo) => {
    const { name, type, end } = readQuestion(query)
    queries.push(name)
    const reaction = reactions.get(name) ?? general
    if (reaction === 'hang') return
    socket.send(responseTo(query.subarray(0, end), type, reaction), sender.port, sender.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return {
    address: `127.0.0.1:${socket.address().port}`,
    set: (name, reaction) => void reactions.set(name.toLowerCase(), reaction),
    otherwise: (reaction) => {
      general = reaction
    },
    queries,
    stop: async () => {
      socket.close()
      await once(socket, 'close')
    },
  }
}

function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = []
  let at = headerBytes
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += length + 1
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 }
}

/** @param query the header and the question */
function responseTo(query: Buffer, type: number, reaction: Exclude<DnsReaction, 'hang'> | null): Buffer {
  const { addresses = [], ttl = 0 } = typeof reaction === 'object' && reaction !== null ? reaction : {}
  const bytes = addresses.map(addressBytes).filter(({ length }) => length === (type === typeA ? 4 : 16))
  const records = type === typeA || type === typeAaaa ? bytes.map((one) => recordOf(one, type, ttl)) : []
  const code = reaction === null ? codes.nameError : reaction === 'servfail' ? codes.servfail : codes.ok
  const head = Buffer.from(query)
  head.writeUInt16BE(0x8180 | code, 2)
  head.writeUInt16BE(records.length, 6)
  head.fill(0, 8, headerBytes)
  return Buffer.concat([head, ...records])
}

function recordOf(address: Buffer, type: number, ttl: number): Buffer {
  const head = Buffer.alloc(headerBytes)
  head.writeUInt16BE(nameInQuestion, 0)
  head.writeUInt16BE(type, 2)
  head.writeUInt16BE(classIn, 4)
  head.writeUInt32BE(ttl, 6)
  head.writeUInt16BE(address.length, 10)
  return Buffer.concat([head, address])
}

/** IPv6 addresses may be shortened once. */
function addressBytes(address: string): Buffer {
  if (!address.includes(':')) return Buffer.from(address.split('.').map(Number))
  const [head = '', tail = ''] = address.split('::')
  const [before, after] = [head, tail].map((half) => half.split(':').filter(Boolean)) as [string[], string[]]
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0')
  return Buffer.from([...before, ...zeros, ...after].map((group) => group.padStart(4, '0')).join(''), 'hex')
}
