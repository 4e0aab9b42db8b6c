import { once } from 'node:events'
import { createConnection, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { startFaultProxy, type FaultProxy } from '@ghostpost/test-kit/fault-proxy'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

let echo: Server
let proxy: FaultProxy
const clients: Socket[] = []

beforeEach(async () => {
  echo = createServer((socket) => socket.on('error', () => {}).pipe(socket))
  echo.listen(0, '127.0.0.1')
  await once(echo, 'listening')
  proxy = await startFaultProxy((echo.address() as AddressInfo).port)
})

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy()
  await proxy.stop()
  await new Promise((resolve) => echo.close(resolve))
})

interface Client {
  socket: Socket
  received: () => string
  broken: () => boolean
}

async function connect(): Promise<Client> {
  const client = open()
  await once(client.socket, 'connect')
  return client
}

function open(): Client {
  const socket = createConnection({ port: proxy.port, host: '127.0.0.1' })
  clients.push(socket)
  let text = ''
  let isBroken = false
  socket.on('data', (chunk) => void (text += String(chunk)))
  socket.on('error', () => {}).on('close', () => void (isBroken = true))
  return { socket, received: () => text, broken: () => isBroken }
}

describe('a fault proxy', () => {
  test('forwards bytes in both directions', async () => {
    const { socket, received } = await connect()
    socket.write('hello')
    await waitUntil('the echo is received', () => received() === 'hello')
  })

  test('in mode cut resets open and new connections', async () => {
    const early = await connect()
    early.socket.write('hello')
    await waitUntil('the echo is received', () => early.received() === 'hello')
    proxy.setMode({ kind: 'cut' })
    await waitUntil('the connection is broken', early.broken)
    const late = open()
    await waitUntil('a new connection is broken, too', late.broken)
  })

  test('in mode silent forwards nothing, and later breaks connections that lost bytes', async () => {
    const { socket, received, broken } = await connect()
    proxy.setMode({ kind: 'silent' })
    socket.write('hello')
    proxy.setMode({ kind: 'pass' })
    await waitUntil('the connection is broken', broken)
    expect(received()).toBe('')
  })

  test('drops its open connections silently and forwards new ones', async () => {
    const old = await connect()
    old.socket.write('hello')
    await waitUntil('the echo is received', () => old.received() === 'hello')
    proxy.forget()
    old.socket.write(' again')
    const { socket, received } = await connect()
    socket.write('new')
    await waitUntil('the echo is received', () => received() === 'new')
    expect(old.received()).toBe('hello')
    expect(old.broken()).toBe(false)
  })

  test('in mode drip forwards single bytes', async () => {
    proxy.setMode({ kind: 'drip', everyMs: 5 })
    const { socket } = await connect()
    const pieces: string[] = []
    socket.on('data', (chunk) => void pieces.push(String(chunk)))
    socket.write('hello')
    await waitUntil('the echo is received', () => pieces.join('') === 'hello')
    expect(pieces.length).toBeGreaterThan(1)
  })

  test('forwards new connections to a changed target', async () => {
    const other = createServer((socket) => socket.on('error', () => {}).end('other'))
    other.listen(0, '127.0.0.1')
    await once(other, 'listening')
    proxy.setTarget((other.address() as AddressInfo).port)
    const { received } = await connect()
    await waitUntil('the other target responds', () => received() === 'other')
    await new Promise((resolve) => other.close(resolve))
  })
})
