import { randomBytes } from 'node:crypto'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import type { OutboundRequest, Outcome } from '@ghostpost/delivery/deliver'
import type { AllowedAddress } from '@ghostpost/delivery/receivers'
import { createSender, type Sender, type SenderOptions } from '@ghostpost/infrastructure/outbound'
import { startFaultProxy } from '@ghostpost/test-kit/fault-proxy'
import {
  respond,
  closeSocket,
  dripBody,
  dripHead,
  endlessHead,
  gzipBomb,
  hugeBody,
  malformed,
  neverRespond,
  resetMidBody,
  resetSocket,
} from '@ghostpost/test-kit/receiver/reactions'
import { startReceiver, testCertificateAuthority, type Receiver } from '@ghostpost/test-kit/receiver/receiver'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { freePort } from '@ghostpost/local-services'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'

let receiver: Receiver
const senders: Sender[] = []
const loopback: AllowedAddress = { network: '127.0.0.0', bits: 8, port: null }

beforeAll(async () => {
  receiver = await startReceiver()
})

afterAll(() => receiver.stop())

afterEach(async () => {
  await Promise.all(senders.splice(0).map((sender) => sender.close()))
  receiver.always(respond(200))
  receiver.requests.length = 0
})

function sender(options: Partial<SenderOptions> = {}): Sender {
  const limits = { connectTimeoutMs: 1_500, responseTimeoutMs: 1_500, totalTimeoutMs: 2_000 }
  const opened = createSender({ ...limits, policy: { allowed: [loopback] }, ...options })
  senders.push(opened)
  return opened
}

function request(changes: Partial<OutboundRequest> = {}): OutboundRequest {
  const headers = { 'content-type': 'application/json', 'user-agent': 'Ghostpost/test' }
  return {
    url: new URL('hooks?a=1', receiver.url),
    headers,
    body: '{"é":"✓"}',
    signing: null,
    freshConnection: false,
    ...changes,
  }
}

async function outcomeOf(
  options: Partial<SenderOptions> = {},
  changes: Partial<OutboundRequest> = {},
): Promise<Outcome> {
  return (await sender(options).send(request(changes))).outcome
}

describe('a request', () => {
  test('a request arrives unchanged, with its length, and asks for no content coding', async () => {
    await outcomeOf()
    const [received] = receiver.requests
    expect(received).toMatchObject({ method: 'POST', path: '/hooks?a=1', body: '{"é":"✓"}' })
    expect(received?.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'Ghostpost/test',
      'content-length': '12',
      'accept-encoding': 'identity',
    })
  })

  test('a request has the given method', async () => {
    await outcomeOf({}, { method: 'PATCH' })
    expect(receiver.requests[0]?.method).toBe('PATCH')
  })

  test('later requests reuse connections', async () => {
    const shared = sender()
    const before = receiver.connections()
    for (let n = 0; n < 20; n += 1) await shared.send(request())
    expect(receiver.connections() - before).toBeLessThanOrEqual(2)
  })

  test('a request that must not be repeated has its own connection', async () => {
    const single = sender()
    const before = receiver.connections()
    for (let n = 0; n < 10; n += 1) await single.send(request({ freshConnection: true }))
    expect(receiver.connections() - before).toBe(10)
    expect(receiver.requests.every(({ headers }) => headers.connection === 'close')).toBe(true)
  })
})

describe('a response', () => {
  test('the outcome has the response’s status, headers and body', async () => {
    receiver.always(
      respond(418, { headers: { 'X-Kind': 'teapot', 'set-cookie': 'secret=1' }, body: 'short and stout' }),
    )
    expect(await outcomeOf()).toMatchObject({
      kind: 'answered',
      status: 418,
      headers: { 'x-kind': 'teapot' },
      body: 'short and stout',
      bodyBytes: 15,
      bodyEnd: 'complete',
    })
  })

  test('the outcome has no cookie of the receiver', async () => {
    receiver.always(respond(200, { headers: { 'set-cookie': 'secret=1' } }))
    expect(JSON.stringify(await outcomeOf())).not.toContain('secret')
  })

  test('a redirect is a response that the sender does not follow', async () => {
    const elsewhere = await startReceiver()
    receiver.always(respond(302, { headers: { location: elsewhere.url } }))
    expect(await outcomeOf()).toMatchObject({ kind: 'answered', status: 302 })
    expect(elsewhere.connections()).toBe(0)
    await elsewhere.stop()
  })

  test('the stored body has no NUL and no partial character', async () => {
    const body = `a\0b${'é'.repeat(10_000)}`
    receiver.always(respond(200, { body }))
    const outcome = await outcomeOf()
    const stored = outcome.kind === 'answered' ? outcome.body : ''
    expect(stored.startsWith('a\uFFFDbé')).toBe(true)
    expect(stored.endsWith('é')).toBe(true)
    expect(Buffer.byteLength(stored)).toBeLessThanOrEqual(16 * 1_024 + 2)
  })

  test('the sender stops reading a body of 1 GiB after 64 KiB, with constant memory', async () => {
    receiver.always(hugeBody(1_024 ** 3))
    const before = process.memoryUsage().rss
    expect(await outcomeOf()).toMatchObject({
      kind: 'answered',
      status: 200,
      bodyEnd: 'size',
      bodyBytes: 65_536,
    })
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1_024 ** 2)
  })

  test('of a gzip bomb only the status counts', async () => {
    const inflatedBytes = 50 * 1_024 ** 2
    const sentBytes = gzipSync(Buffer.alloc(inflatedBytes)).length
    expect(sentBytes).toBeLessThan(65_536)
    receiver.always(gzipBomb(inflatedBytes))
    expect(await outcomeOf()).toMatchObject({
      kind: 'answered',
      status: 200,
      body: '',
      bodyEnd: 'complete',
      bodyBytes: sentBytes,
      fault: 'body not decoded',
    })
  })

  test.each([
    ['arrives too slowly', dripBody({ bytesPerSecond: 5 }), 'deadline'],
    ['is cut off', resetMidBody(), 'reset'],
  ])('a response whose body %s is still a response', async (_name, reaction, bodyEnd) => {
    receiver.always(reaction)
    expect(await outcomeOf()).toMatchObject({ kind: 'answered', status: 200, bodyEnd })
  })
})

test.each([
  ['arrive too slowly', dripHead(100), 'deadline'],
  ['have no end', endlessHead(), 'reset'],
])('a response whose headers %s is still a response', async (_name, reaction, bodyEnd) => {
  receiver.always(reaction)
  expect(await outcomeOf()).toMatchObject({ kind: 'answered', status: 200, bodyEnd })
})

describe('an encoded body', () => {
  const text = '{"category":"PROPERTY_DOESNT_EXIST","é":"✓"}'

  async function responseWith(body: Buffer, headers: Record<string, string | string[]>): Promise<Outcome> {
    receiver.always((_request, response) => {
      response.writeHead(400, { 'content-type': 'application/json', ...headers }).end(body)
    })
    return outcomeOf()
  }

  test.each([
    ['gzip', gzipSync(text)],
    ['X-GZIP', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['br', brotliCompressSync(text)],
    ['zstd', zstdCompressSync(text)],
    ['identity', Buffer.from(text)],
    ['deflate, gzip', gzipSync(deflateSync(text))],
    ['gzip,identity', gzipSync(text)],
  ])('a body in %s is decoded', async (coding, body) => {
    const outcome = await responseWith(body, { 'content-encoding': coding })
    expect(outcome).toMatchObject({ status: 400, body: text, bodyBytes: body.length, bodyEnd: 'complete' })
    expect(outcome).not.toHaveProperty('fault')
  })

  test('two headers with a coding each are two codings', async () => {
    const body = gzipSync(deflateSync(text))
    expect(await responseWith(body, { 'content-encoding': ['deflate', 'gzip'] })).toMatchObject({
      body: text,
    })
  })

  test.each([
    ['an unknown coding', 'compress', gzipSync(text)],
    ['a body that is not in its coding', 'gzip', Buffer.from(text)],
    ['more codings than make sense', 'gzip, gzip, gzip', gzipSync(gzipSync(gzipSync(text)))],
    ['a brotli bomb', 'br', brotliCompressSync(Buffer.alloc(8 * 1_024 ** 2))],
    ['a zstd bomb', 'zstd', zstdCompressSync(Buffer.alloc(8 * 1_024 ** 2))],
    ['a bomb within a bomb', 'gzip, gzip', gzipSync(gzipSync(Buffer.alloc(8 * 1_024 ** 2)))],
  ])('%s is not interpreted', async (_name, coding, body) => {
    const outcome = await responseWith(body, { 'content-encoding': coding })
    expect(outcome).toMatchObject({ status: 400, body: '', fault: 'body not decoded' })
  })

  test('the stored part of a long body ends like one that was cut', async () => {
    const outcome = await responseWith(gzipSync('x'.repeat(100_000)), { 'content-encoding': 'gzip' })
    expect(outcome).toMatchObject({ body: 'x'.repeat(16_384), bodyEnd: 'size' })
  })

  test('the part of a body that arrived is decoded', async () => {
    const body = gzipSync(`${text}${randomBytes(20_000).toString('hex')}`)
    receiver.always((request, response) => {
      response.writeHead(400, { 'content-encoding': 'gzip', 'content-length': body.length + 10 })
      response.write(body.subarray(0, 5_000), () => setTimeout(() => request.socket.destroy(), 50))
    })
    const outcome = await outcomeOf()
    expect(outcome).toMatchObject({ bodyEnd: 'reset', body: expect.stringContaining(text) })
  })

  test.each([
    ['ISO-8859-1', Buffer.from('Gr\u00fc\u00dfe', 'latin1')],
    ['"windows-1252"', Buffer.from('Gr\u00fc\u00dfe', 'latin1')],
    ['utf-16le', Buffer.from('Gr\u00fc\u00dfe', 'utf16le')],
    ['UTF-8', Buffer.from('Gr\u00fc\u00dfe')],
    ['no-such-charset', Buffer.from('Gr\u00fc\u00dfe')],
  ])('text in %s is decoded', async (charset, body) => {
    const outcome = await responseWith(body, { 'content-type': `text/plain; charset=${charset}` })
    expect(outcome).toMatchObject({ body: 'Gr\u00fc\u00dfe' })
  })
})

describe('no response', () => {
  test.each([
    ['a closed socket', closeSocket(), { kind: 'connection_lost' }],
    ['a reset connection', resetSocket(), { kind: 'connection_lost', code: 'ECONNRESET' }],
    ['a receiver that never responds', neverRespond(), { kind: 'timed_out', phase: 'answer' }],
    ['a response that is not HTTP', malformed(), { kind: 'answer_malformed' }],
  ])('the outcome of %s says so', async (_name, reaction, expected) => {
    receiver.always(reaction)
    expect(await outcomeOf()).toMatchObject(expected)
  })

  test('a closed port fails the connection', async () => {
    const url = new URL(`http://127.0.0.1:${await freePort()}/`)
    expect(await outcomeOf({}, { url })).toEqual({ kind: 'connection_failed', code: 'ECONNREFUSED' })
  })

  test('an unknown name is not resolved', async () => {
    const unknown = Object.assign(new Error('no such host'), { code: 'ENOTFOUND' })
    const resolve = (): Promise<never> => Promise.reject(unknown)
    const url = new URL('https://nowhere.example.com/')
    expect(await outcomeOf({ resolve }, { url })).toEqual({ kind: 'name_not_resolved', code: 'ENOTFOUND' })
  })

  test('the connect deadline covers a resolver that never returns', async () => {
    const resolve = (): Promise<never> => new Promise(() => {})
    const url = new URL('https://slow.example.com/')
    expect(await outcomeOf({ resolve }, { url })).toEqual({ kind: 'name_not_resolved', code: 'ETIMEOUT' })
  })

  test('a shorter deadline of the request applies', async () => {
    receiver.always(neverRespond())
    const outcome = outcomeOf({ responseTimeoutMs: 50_000, totalTimeoutMs: 50_000 }, { withinMs: 200 })
    expect(await outcome).toEqual({ kind: 'timed_out', phase: 'answer' })
  })

  test('a failed request does not delay later requests', async () => {
    const shared = sender()
    receiver.next(neverRespond(), resetSocket(), malformed())
    for (let n = 0; n < 3; n += 1) await shared.send(request())
    expect((await shared.send(request())).outcome).toMatchObject({ kind: 'answered', status: 200 })
  })
})

describe('over TLS', () => {
  const localhost = async (): Promise<{ address: string; family: number }[]> => [
    { address: '127.0.0.1', family: 4 },
  ]

  async function toTls(
    certificate: 'good' | 'expired' | 'wrong-host',
    trusted: boolean,
  ): Promise<[Outcome, number]> {
    const tls = await startReceiver({ certificate })
    const options = { resolve: localhost, ...(trusted && { ca: testCertificateAuthority() }) }
    const outcome = await outcomeOf(options, { url: new URL(tls.url) })
    const { length } = tls.requests
    await tls.stop()
    return [outcome, length]
  }

  test('a valid certificate is accepted', async () => {
    expect(await toTls('good', true)).toEqual([expect.objectContaining({ kind: 'answered', status: 200 }), 1])
  })

  test.each([
    ['an expired certificate', 'expired', true, 'CERT_HAS_EXPIRED'],
    ['another host’s certificate', 'wrong-host', true, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['an untrusted certificate', 'good', false, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ] as const)('%s is refused before anything is sent', async (_name, certificate, trusted, code) => {
    expect(await toTls(certificate, trusted)).toEqual([{ kind: 'tls_failed', code }, 0])
  })

  test('a slow handshake ends at the connect deadline, before anything is sent', async () => {
    const tls = await startReceiver({ certificate: 'good' })
    const dripping = await startFaultProxy(tls.port)
    dripping.setMode({ kind: 'drip', everyMs: 20 })
    const options = { resolve: localhost, ca: testCertificateAuthority(), connectTimeoutMs: 400 }
    const url = new URL(`https://localhost:${dripping.port}/`)
    expect(await outcomeOf(options, { url })).toEqual({ kind: 'timed_out', phase: 'connect' })
    await waitUntil('the connection is closed', () => dripping.connections() === 0)
    expect(tls.requests).toHaveLength(0)
    await Promise.all([dripping.stop(), tls.stop()])
  })
})

test('an outcome never contains the called URL', async () => {
  const secret = 'T0B0secret'
  for (const reaction of [resetSocket(), neverRespond(), malformed(), closeSocket()]) {
    receiver.always(reaction)
    expect(JSON.stringify(await outcomeOf({}, { url: new URL(secret, receiver.url) }))).not.toContain(secret)
  }
})
