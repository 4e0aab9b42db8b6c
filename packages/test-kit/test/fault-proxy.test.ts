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
  heard: () => string
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
  return { socket, heard: () => text, broken: () => isBroken }
}

describe('a fault proxy', () => {
  test('passes bytes on, both ways', async () => {
    const { socket, heard } = await connect()
    socket.write('hello')
    await waitUntil('the echo is heard', () => heard() === 'hello')
  })

  test('breaks open connections and refuses new ones when it is cut', async () => {
    const early = await connect()
    early.socket.write('hello')
    await waitUntil('the echo is heard', () => early.heard() === 'hello')
    proxy.setMode({ kind: 'cut' })
    await waitUntil('the connection is broken', early.broken)
    const late = open()
    await waitUntil('a new one is broken, too', late.broken)
  })

  test('swallows all bytes while it is silent, and breaks what lost some afterwards', async () => {
    const { socket, heard, broken } = await connect()
    proxy.setMode({ kind: 'silent' })
    socket.write('hello')
    proxy.setMode({ kind: 'pass' })
    await waitUntil('the connection is broken', broken)
    expect(heard()).toBe('')
  })

  test('forgets the connections it has, without a word, and passes new ones', async () => {
    const old = await connect()
    old.socket.write('hello')
    await waitUntil('the echo is heard', () => old.heard() === 'hello')
    proxy.forget()
    old.socket.write(' again')
    const { socket, heard } = await connect()
    socket.write('new')
    await waitUntil('the echo is heard', () => heard() === 'new')
    expect(old.heard()).toBe('hello')
    expect(old.broken()).toBe(false)
  })

  test('lets bytes through one by one while it drips', async () => {
    proxy.setMode({ kind: 'drip', everyMs: 5 })
    const { socket } = await connect()
    const pieces: string[] = []
    socket.on('data', (chunk) => void pieces.push(String(chunk)))
    socket.write('hello')
    await waitUntil('the echo is heard', () => pieces.join('') === 'hello')
    expect(pieces.length).toBeGreaterThan(1)
  })

  test('leads somewhere else once it is told', async () => {
    const other = createServer((socket) => socket.on('error', () => {}).end('other'))
    other.listen(0, '127.0.0.1')
    await once(other, 'listening')
    proxy.setTarget((other.address() as AddressInfo).port)
    const { heard } = await connect()
    await waitUntil('the other one is heard', () => heard() === 'other')
    await new Promise((resolve) => other.close(resolve))
  })
})
