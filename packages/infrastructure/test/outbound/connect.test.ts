import { once } from 'node:events'
import { createServer as createTlsServer, type TLSSocket } from 'node:tls'
import type { AddressInfo } from 'node:net'
import { Worker } from 'node:worker_threads'
import { freePort } from '@ghostpost/local-services'
import { createSender } from '@ghostpost/infrastructure/outbound'
import {
  receiverCredentials,
  startReceiver,
  testCertificateAuthority,
} from '@ghostpost/test-kit/receiver/receiver'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterEach, describe, expect, test } from 'vitest'
import { outcomeOfError } from '../../src/outbound/outcome-of-error.ts'
import { raceAddresses } from '../../src/outbound/race-addresses.ts'

const ends: (() => Promise<unknown>)[] = []

afterEach(async () => {
  await Promise.all(ends.splice(0).map((end) => end()))
})

/** Listens, and then blocks its thread until it is woken, so that the queue of new connections can be filled. */
const sleepingListener = `
  const { workerData, parentPort } = require('node:worker_threads')
  const server = require('node:net').createServer((socket) => socket.on('error', () => {}))
  server.listen({ ...workerData.listen, backlog: 1 }, () => {
    parentPort.postMessage(server.address().port)
    parentPort.once('message', () => {
      parentPort.postMessage('asleep')
      Atomics.wait(workerData.gate, 0, 0)
    })
  })`

/** An address that drops the first SYN: the handshake takes as long as the kernel waits before it repeats it. */
async function startSlowAddress(host: string): Promise<{ port: number; wake: () => void }> {
  const gate = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(sleepingListener, { eval: true, workerData: { gate, listen: { host, port: 0 } } })
  const [port] = (await once(worker, 'message')) as [number]
  worker.postMessage('sleep', [])
  await once(worker, 'message')
  const wake = (): void => {
    Atomics.store(gate, 0, 1)
    Atomics.notify(gate, 0)
  }
  const fillers: Promise<unknown>[] = []
  const isFull = async (): Promise<boolean> => {
    const filler = raceAddresses([host], { port, withinMs: 300 })
    fillers.push(filler.then((socket) => ends.push(async () => socket.destroy())).catch(() => {}))
    return filler.then(
      () => false,
      () => true,
    )
  }
  ends.push(async () => {
    wake()
    await worker.terminate()
  })
  await waitUntil('the queue of new connections is full', isFull)
  await Promise.all(fillers)
  return { port, wake }
}

describe('of several addresses', () => {
  test('a slow one is reached although a later one refuses', async () => {
    const { port, wake } = await startSlowAddress('127.0.0.11')
    const racing = raceAddresses(['127.0.0.11', '127.0.0.12'], { port, withinMs: 5_000 })
    const start = performance.now()
    setTimeout(wake, 600)
    const socket = await racing
    expect(socket.remoteAddress).toBe('127.0.0.11')
    // Later than the attempts of 250 and 500 ms that Node gives an address.
    expect(performance.now() - start).toBeGreaterThan(550)
    socket.destroy()
  })

  test('the next one is tried while the first one is slow', async () => {
    const { port } = await startSlowAddress('127.0.0.13')
    const quick = await startReceiver({ port, address: '127.0.0.14' })
    ends.push(quick.stop)
    const socket = await raceAddresses(['127.0.0.13', '127.0.0.14'], { port, withinMs: 5_000 })
    expect(socket.remoteAddress).toBe('127.0.0.14')
    socket.destroy()
  })

  test('none of which accepts, all failures are named', async () => {
    const error: unknown = await raceAddresses(['127.0.0.15', '::1'], {
      port: await freePort(),
      withinMs: 2_000,
    }).catch((failure: unknown) => failure)
    expect(error).toBeInstanceOf(AggregateError)
    expect((error as AggregateError).errors).toHaveLength(2)
    const failures = ['EHOSTUNREACH', 'ECONNREFUSED', 'EHOSTUNREACH'].map((code) =>
      Object.assign(new Error('failed'), { code }),
    )
    expect(outcomeOfError(new AggregateError(failures), 'connecting')).toEqual({
      kind: 'connection_failed',
      code: 'EHOSTUNREACH, ECONNREFUSED',
    })
  })

  test('that are all slow, the deadline ends the attempts', async () => {
    const { port } = await startSlowAddress('127.0.0.16')
    const error: unknown = await raceAddresses(['127.0.0.16'], { port, withinMs: 200 }).catch(
      (failure: unknown) => failure,
    )
    expect(outcomeOfError(error as Error, 'connecting')).toEqual({ kind: 'timed_out', phase: 'connect' })
  })
})

test('TLS names a host with a final dot without it, as with every failure the connection is closed', async () => {
  const names: unknown[] = []
  let open = 0
  const server = createTlsServer(receiverCredentials('good'), (socket: TLSSocket) => {
    names.push(socket.servername)
    socket.on('error', () => {})
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n'))
  })
  server.on('connection', (socket) => {
    open += 1
    socket.on('close', () => (open -= 1)).on('error', () => {})
  })
  server.on('tlsClientError', () => {}).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const limits = { connectTimeoutMs: 2_000, responseTimeoutMs: 2_000, totalTimeoutMs: 2_000 }
  const policy = { allowed: [{ network: '127.0.0.0', bits: 8, port: null }] }
  const resolve = () => Promise.resolve([{ address: '127.0.0.1' }])
  const sender = createSender({ ...limits, policy, resolve, ca: testCertificateAuthority() })
  ends.push(
    () => sender.close(),
    () => new Promise((done) => server.close(done)),
  )
  const send = (host: string) =>
    sender.send({
      url: new URL(`https://${host}:${port}/`),
      headers: {},
      body: '{}',
      signing: null,
      freshConnection: true,
    })
  expect((await send('localhost.')).outcome).toMatchObject({ kind: 'answered', status: 200 })
  expect((await send('localhost')).outcome).toMatchObject({ kind: 'answered', status: 200 })
  expect((await send('hooks.acme.org')).outcome).toEqual({
    kind: 'tls_failed',
    code: 'ERR_TLS_CERT_ALTNAME_INVALID',
  })
  expect(names.slice(0, 2)).toEqual(['localhost', 'localhost'])
  await waitUntil('no connection is left', () => open === 0)
})
