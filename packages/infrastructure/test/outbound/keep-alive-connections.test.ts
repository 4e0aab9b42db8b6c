import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo, Server, Socket } from 'node:net'
import { createSender, type Sender } from '@ghostpost/infrastructure/outbound'
import { freePort } from '@ghostpost/local-services'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

let server: Server
let port: number
let sender: Sender
const open = new Set<Socket>()
const waiting: ServerResponse[] = []
let isBlocking = false
let mostOpen = 0
let made = 0

beforeEach(async () => {
  server = createServer(
    (_request, response) => void (isBlocking ? waiting.push(response) : response.end('ok')),
  )
  server.on('connection', (socket) => {
    open.add(socket)
    made += 1
    mostOpen = Math.max(mostOpen, open.size)
    socket.on('error', () => {}).on('close', () => open.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
  isBlocking = false
  mostOpen = 0
  made = 0
  waiting.length = 0
})

afterEach(async () => {
  await sender.close()
  await new Promise((resolve) => server.close(resolve))
})

function openSender(overall: number, perOrigin = 128): void {
  sender = createSender({
    connectTimeoutMs: 10_000,
    responseTimeoutMs: 20_000,
    totalTimeoutMs: 20_000,
    policy: { allowed: [{ network: '127.0.0.1', bits: 32, port: null }] },
    resolve: () => Promise.resolve([{ address: '127.0.0.1' }]),
    keepAliveLimits: { overall, perOrigin },
  })
}

async function sendTo(host: string): Promise<unknown> {
  const url = new URL(`http://${host}.acme.com:${port}/`)
  const sent = await sender.send({ url, headers: {}, body: '{}', signing: null, freshConnection: false })
  return sent.outcome.kind === 'answered' ? sent.outcome.status : sent.outcome
}

describe('keep-alive connections', () => {
  test('the overall limit holds for any number of hosts, and every request gets a response', async () => {
    openSender(20)
    for (let round = 0; round < 60; round += 1) {
      const hosts = Array.from({ length: 50 }, (_, n) => `h${round * 50 + n}`)
      expect(new Set(await Promise.all(hosts.map(sendTo)))).toEqual(new Set([200]))
    }
    expect(await waitUntil('only keep-alive connections are open', () => open.size <= 20)).toBe(true)
    // The keep-alive connections, and one for every request in flight.
    expect(mostOpen).toBeLessThanOrEqual(70)
  })

  test('a keep-alive connection is reused while the limit allows no more', async () => {
    openSender(1)
    await sendTo('first')
    await waitUntil('one connection is idle', () => open.size === 1)
    const [kept] = open
    await sendTo('second')
    await waitUntil('the other connection is closed', () => open.size === 1)
    for (let n = 0; n < 20; n += 1) await sendTo('first')
    expect(open.has(kept as Socket)).toBe(true)
    // One for the other host, and a second one for the first host, because a connection is not free right away.
    expect(made).toBeLessThanOrEqual(3)
  })

  test('the limit per host holds, and no request waits for a connection', async () => {
    openSender(100, 3)
    isBlocking = true
    const sending = Array.from({ length: 12 }, () => sendTo('busy'))
    await waitUntil('all requests have arrived', () => waiting.length === 12)
    for (const response of waiting) response.end()
    expect(new Set(await Promise.all(sending))).toEqual(new Set([200]))
    expect(await waitUntil('only keep-alive connections are open', () => open.size <= 3)).toBe(true)
  })

  test('failed and closed connections no longer count', async () => {
    openSender(2)
    const url = new URL(`http://127.0.0.1:${await freePort()}/`)
    for (let n = 0; n < 5; n += 1) {
      const failed = await sender.send({ url, headers: {}, body: '', signing: null, freshConnection: false })
      expect(failed.outcome).toMatchObject({ kind: 'connection_failed' })
    }
    await sendTo('one')
    await sendTo('two')
    for (const socket of open) socket.destroy()
    await waitUntil('all connections are closed', () => open.size === 0)
    await sendTo('three')
    await sendTo('four')
    await waitUntil('two connections are idle', () => open.size === 2)
  })
})
