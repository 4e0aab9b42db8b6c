import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { ReceiverKind, ReceiverReport } from './bench-receiver.ts'

/**
 * The receivers of the benchmark, in their own process. They parse only enough of HTTP to find the end of a request, so
 * that they use little CPU time beside the measured programs. Each receiver has its own port.
 */
const kinds: readonly ReceiverKind[] = ['ok', 'hang', 'throttle', 'drip', 'slow']
const receiversPerKind = Number(process.env['BENCH_RECEIVERS_PER_KIND'] ?? 1)
const dripMs = 250
const slowMs = 2_000

const okResponse = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 2\r\n\r\nok'
const throttleResponse = 'HTTP/1.1 429 Too Many Requests\r\nretry-after: 1\r\ncontent-length: 0\r\n\r\n'
const dripHead = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 100000\r\n\r\n'

const counts: Record<ReceiverKind, number> = { ok: 0, hang: 0, throttle: 0, drip: 0, slow: 0 }

const ports = Object.fromEntries(
  await Promise.all(kinds.map(async (kind) => [kind, await openAll(kind)] as const)),
)
process.on('message', () => process.send?.({ counts } satisfies ReceiverReport))
process.on('disconnect', () => process.exit(0))
process.on('SIGTERM', () => process.exit(0))
process.send?.({ ports })

async function openAll(kind: ReceiverKind): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: receiversPerKind }, () => open(kind)))
  return servers.map(portOf)
}

function open(kind: ReceiverKind): Promise<Server> {
  const server = createServer((socket) => serve(socket, kind))
  return new Promise((resolve) => server.listen(0, '127.0.0.1', 4_096, () => resolve(server)))
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}

function serve(socket: Socket, kind: ReceiverKind): void {
  let buffered: Buffer | null = null
  socket.setNoDelay(true)
  socket.on('error', () => {})
  socket.on('data', (chunk: Buffer) => {
    let rest: Buffer = buffered === null ? chunk : Buffer.concat([buffered, chunk])
    for (let end = endOfRequest(rest); end > 0; end = endOfRequest(rest)) {
      counts[kind] += 1
      respond(socket, kind)
      rest = rest.subarray(end)
    }
    buffered = rest.length === 0 ? null : rest
  })
}

/** Length of the first request; 0 when it is incomplete. */
function endOfRequest(bytes: Buffer): number {
  const headEnd = bytes.indexOf('\r\n\r\n')
  if (headEnd < 0) return 0
  const length = /\r\ncontent-length: *(\d+)/i.exec(bytes.toString('latin1', 0, headEnd))?.[1] ?? '0'
  const end = headEnd + 4 + Number(length)
  return bytes.length >= end ? end : 0
}

function respond(socket: Socket, kind: ReceiverKind): void {
  if (kind === 'ok') socket.write(okResponse)
  if (kind === 'slow') setTimeout(() => socket.write(okResponse), slowMs)
  if (kind === 'throttle') socket.write(throttleResponse)
  if (kind !== 'drip') return
  socket.write(dripHead)
  const drip = setInterval(() => socket.write('.'), dripMs)
  socket.once('close', () => clearInterval(drip))
}
