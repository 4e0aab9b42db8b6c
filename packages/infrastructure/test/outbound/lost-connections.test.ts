import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import type { OutboundRequest, Outcome, SendResult } from '@ghostpost/delivery/deliver'
import { createSender, type Sender } from '@ghostpost/infrastructure/outbound'
import { outcomeOfError } from '../../src/outbound/outcome-of-error.ts'
import { receiverCredentials, testCertificateAuthority } from '@ghostpost/test-kit/receiver/receiver'
import { afterEach, describe, expect, test } from 'vitest'

const opened: (() => unknown)[] = []

afterEach(async () => {
  for (const close of opened.splice(0).toReversed()) await close()
})

function openSender(): Sender {
  const sender = createSender({
    connectTimeoutMs: 3_000,
    responseTimeoutMs: 3_000,
    totalTimeoutMs: 4_000,
    policy: { allowed: [{ network: '127.0.0.0', bits: 8, port: null }] },
    ca: testCertificateAuthority(),
    resolve: () => Promise.resolve([{ address: '127.0.0.1' }]),
  })
  opened.push(() => sender.close())
  return sender
}

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  opened.push(() => {
    for (const socket of sockets) socket.destroy()
    return new Promise((resolve) => server.close(resolve))
  })
  return (server.address() as AddressInfo).port
}

function request(url: string, changes: Partial<OutboundRequest> = {}): OutboundRequest {
  return { url: new URL(url), headers: {}, body: '{}', signing: null, freshConnection: false, ...changes }
}

describe('a TLS receiver that refuses the client', () => {
  async function outcomeFrom(options: TlsOptions): Promise<Outcome> {
    const server = createTlsServer(
      { ...receiverCredentials('good'), ...options },
      (socket) => void socket.on('error', () => {}).on('data', () => socket.end('HTTP/1.1 200 OK\r\n\r\n')),
    )
    server.on('tlsClientError', () => {})
    const port = await listen(server)
    return (await openSender().send(request(`https://localhost:${port}/`, { freshConnection: true }))).outcome
  }

  test.each(['TLSv1.3', 'TLSv1.2'] as const)(
    '%s: that a client certificate is missing fails TLS',
    async (version) => {
      const outcome = await outcomeFrom({
        minVersion: version,
        maxVersion: version,
        requestCert: true,
        rejectUnauthorized: true,
        ca: testCertificateAuthority(),
      })
      expect(outcome).toMatchObject({ kind: 'tls_failed' })
    },
  )
})

describe('a TLS alert after the request was written', () => {
  const alert = (name: string): Error => Object.assign(new Error('alert'), { code: `ERR_SSL_${name}` })

  test.each([
    'TLSV13_ALERT_CERTIFICATE_REQUIRED',
    'TLSV1_ALERT_UNKNOWN_CA',
    'SSL/TLS_ALERT_BAD_CERTIFICATE',
    'SSLV3_ALERT_BAD_CERTIFICATE',
    'SSL/TLS_ALERT_UNSUPPORTED_CERTIFICATE',
    'SSL/TLS_ALERT_CERTIFICATE_EXPIRED',
    'SSL/TLS_ALERT_CERTIFICATE_REVOKED',
    'SSL/TLS_ALERT_CERTIFICATE_UNKNOWN',
    'TLSV1_ALERT_ACCESS_DENIED',
    'TLSV1_ALERT_DECRYPT_ERROR',
    'SSL/TLS_ALERT_HANDSHAKE_FAILURE',
    'TLSV1_ALERT_INSUFFICIENT_SECURITY',
  ])('%s on a new connection is a TLS failure', (name) => {
    expect(outcomeOfError(alert(name), 'sent')).toEqual({ kind: 'tls_failed', code: `ERR_SSL_${name}` })
  })

  test.each([
    ['sent', 'TLSV1_ALERT_INTERNAL_ERROR'],
    ['sent', 'DECRYPTION_FAILED_OR_BAD_RECORD_MAC'],
    ['reused', 'TLSV1_ALERT_ACCESS_DENIED'],
  ] as const)('%s: after %s the outcome is unknown', (phase, name) => {
    expect(outcomeOfError(alert(name), phase)).toMatchObject({ kind: 'connection_lost' })
  })
})

describe('a kept connection that the receiver closes as the next request comes', () => {
  const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'

  /** Responds to the first request of each connection, and does `then` at each later one. */
  async function closingReceiver(
    then: (socket: Socket) => void,
  ): Promise<{ port: number; requests: string[] }> {
    const requests: string[] = []
    const server = createServer((socket) => {
      let isFirst = true
      socket.on('data', (data) => {
        if (!data.toString().endsWith('{}')) return
        requests.push(isFirst ? 'fresh' : 'kept')
        if (isFirst) socket.write(ok)
        else then(socket)
        isFirst = false
      })
    })
    return { port: await listen(server), requests }
  }

  async function sendTwice(port: number): Promise<SendResult> {
    const sender = openSender()
    await sender.send(request(`http://127.0.0.1:${port}/`))
    // undici takes a connection again after a turn of the event loop.
    await new Promise((resolve) => setTimeout(resolve, 20))
    return sender.send(request(`http://127.0.0.1:${port}/`))
  }

  test.each([
    ['closed', (socket: Socket) => socket.end()],
    ['reset', (socket: Socket) => socket.resetAndDestroy()],
  ])('the request is sent again at once when the connection is %s', async (_name, close) => {
    const { port, requests } = await closingReceiver(close)
    const { outcome, trace } = await sendTwice(port)
    expect(outcome).toMatchObject({ kind: 'answered', status: 200, body: 'ok' })
    expect(trace?.timings.reusedConnection).toBe(false)
    expect(requests).toEqual(['fresh', 'kept', 'fresh'])
  })

  test('the request is not sent again after a byte of a response', async () => {
    const { port, requests } = await closingReceiver((socket) => socket.end('H'))
    expect((await sendTwice(port)).outcome).toMatchObject({ kind: 'connection_lost' })
    expect(requests).toEqual(['fresh', 'kept'])
  })

  test('the request is not sent a third time', async () => {
    let count = 0
    const server = createServer((socket) => {
      socket.on('data', (data) => {
        if (!data.toString().endsWith('{}')) return
        count += 1
        if (count === 1) socket.write(ok)
        else socket.end()
      })
    })
    expect((await sendTwice(await listen(server))).outcome).toMatchObject({ kind: 'connection_lost' })
    expect(count).toBe(3)
  })

  test('the request is not sent again when the receiver had it for a while', async () => {
    const { port, requests } = await closingReceiver((socket) => void setTimeout(() => socket.end(), 1_200))
    expect((await sendTwice(port)).outcome).toMatchObject({ kind: 'connection_lost' })
    expect(requests).toEqual(['fresh', 'kept'])
  })
})

describe('an early response to a large request', () => {
  const tooLarge = 'HTTP/1.1 413 Too Large\r\ncontent-length: 9\r\nconnection: close\r\n\r\ntoo large'
  const body = JSON.stringify({ text: 'x'.repeat(3_000_000) })

  test.each([
    ['at accept, closing unread', (socket: Socket) => void socket.end(tooLarge, () => socket.destroy())],
    [
      'after the first piece, closing',
      (socket: Socket) => void socket.once('data', () => socket.end(tooLarge, () => socket.destroy())),
    ],
    ['at accept, reading nothing', (socket: Socket) => void socket.pause().write(tooLarge)],
  ])('a 413 sent %s is read, 20 times of 20', async (_name, react) => {
    const port = await listen(createServer((socket) => react(socket)))
    const sender = openSender()
    const outcomes: unknown[] = []
    for (let n = 0; n < 20; n += 1) {
      const sent = await sender.send(
        request(`http://127.0.0.1:${port}/`, { body, freshConnection: n % 2 === 0 }),
      )
      outcomes.push(sent.outcome.kind === 'answered' ? sent.outcome.status : sent.outcome)
    }
    expect(outcomes).toEqual(Array.from({ length: 20 }, () => 413))
  })
})
