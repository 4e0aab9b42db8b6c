import { gzipSync } from 'node:zlib'
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
  test('arrives as it was given, with its length and without asking for compression', async () => {
    await outcomeOf()
    const [received] = receiver.requests
    expect(received).toMatchObject({ method: 'POST', path: '/hooks?a=1', body: '{"é":"✓"}' })
    expect(received?.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'Ghostpost/test',
      'content-length': '12',
    })
    expect(received?.headers).not.toHaveProperty('accept-encoding')
  })

  test('has the method it asks for', async () => {
    await outcomeOf({}, { method: 'PATCH' })
    expect(receiver.requests[0]?.method).toBe('PATCH')
  })

  test('shares connections with those before', async () => {
    const shared = sender()
    const before = receiver.connections()
    for (let n = 0; n < 20; n += 1) await shared.send(request())
    expect(receiver.connections() - before).toBeLessThanOrEqual(2)
  })

  test('that must not be repeated has a connection of its own', async () => {
    const single = sender()
    const before = receiver.connections()
    for (let n = 0; n < 10; n += 1) await single.send(request({ freshConnection: true }))
    expect(receiver.connections() - before).toBe(10)
    expect(receiver.requests.every(({ headers }) => headers.connection === 'close')).toBe(true)
  })
})

describe('an answer', () => {
  test('is told with status, headers and body', async () => {
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

  test('keeps no cookie of the receiver', async () => {
    receiver.always(respond(200, { headers: { 'set-cookie': 'secret=1' } }))
    expect(JSON.stringify(await outcomeOf())).not.toContain('secret')
  })

  test('with a redirect is an answer; nothing follows it', async () => {
    const elsewhere = await startReceiver()
    receiver.always(respond(302, { headers: { location: elsewhere.url } }))
    expect(await outcomeOf()).toMatchObject({ kind: 'answered', status: 302 })
    expect(elsewhere.connections()).toBe(0)
    await elsewhere.stop()
  })

  test('that fits text storage has no NUL and no half character', async () => {
    const body = `a\0b${'é'.repeat(10_000)}`
    receiver.always(respond(200, { body }))
    const outcome = await outcomeOf()
    const kept = outcome.kind === 'answered' ? outcome.body : ''
    expect(kept.startsWith('a\uFFFDbé')).toBe(true)
    expect(kept.endsWith('é')).toBe(true)
    expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(16 * 1_024 + 2)
  })

  test('of 1 GiB is left after 64 KiB, with memory flat', async () => {
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

  test('that is a compressed bomb is never inflated', async () => {
    const inflatedBytes = 50 * 1_024 ** 2
    const sentBytes = gzipSync(Buffer.alloc(inflatedBytes)).length
    expect(sentBytes).toBeLessThan(65_536)
    receiver.always(gzipBomb(inflatedBytes))
    expect(await outcomeOf()).toMatchObject({
      kind: 'answered',
      status: 200,
      bodyEnd: 'complete',
      bodyBytes: sentBytes,
    })
  })

  test.each([
    ['drips', dripBody({ bytesPerSecond: 5 }), 'deadline'],
    ['breaks off', resetMidBody(), 'reset'],
  ])('whose body %s is an answer all the same', async (_name, reaction, bodyEnd) => {
    receiver.always(reaction)
    expect(await outcomeOf()).toMatchObject({ kind: 'answered', status: 200, bodyEnd })
  })
})

describe('no answer', () => {
  test.each([
    ['when the socket is closed', closeSocket(), { kind: 'connection_lost' }],
    ['when the connection is reset', resetSocket(), { kind: 'connection_lost', code: 'ECONNRESET' }],
    ['when nothing comes', neverRespond(), { kind: 'timed_out', phase: 'answer' }],
    ['when the head drips', dripHead(), { kind: 'timed_out', phase: 'answer' }],
    ['when the head has no end', endlessHead(), { kind: 'answer_malformed' }],
    ['when it is no HTTP', malformed(), { kind: 'answer_malformed' }],
  ])('%s', async (_name, reaction, expected) => {
    receiver.always(reaction)
    expect(await outcomeOf()).toMatchObject(expected)
  })

  test('when nobody listens: nothing was sent', async () => {
    const url = new URL(`http://127.0.0.1:${await freePort()}/`)
    expect(await outcomeOf({}, { url })).toEqual({ kind: 'connection_failed', code: 'ECONNREFUSED' })
  })

  test('when the name is unknown', async () => {
    const unknown = Object.assign(new Error('no such host'), { code: 'ENOTFOUND' })
    const resolve = (): Promise<never> => Promise.reject(unknown)
    const url = new URL('https://nowhere.example.com/')
    expect(await outcomeOf({ resolve }, { url })).toEqual({ kind: 'name_not_resolved', code: 'ENOTFOUND' })
  })

  test('when the resolver never comes back: the deadline holds', async () => {
    const resolve = (): Promise<never> => new Promise(() => {})
    const url = new URL('https://slow.example.com/')
    expect(await outcomeOf({ resolve }, { url })).toEqual({ kind: 'timed_out', phase: 'connect' })
  })

  test('ends sooner where the request has less time', async () => {
    receiver.always(neverRespond())
    const outcome = outcomeOf({ responseTimeoutMs: 50_000, totalTimeoutMs: 50_000 }, { withinMs: 200 })
    expect(await outcome).toEqual({ kind: 'timed_out', phase: 'answer' })
  })

  test('holds up no later request', async () => {
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

  test('a good certificate is accepted', async () => {
    expect(await toTls('good', true)).toEqual([expect.objectContaining({ kind: 'answered', status: 200 }), 1])
  })

  test.each([
    ['an expired one', 'expired', true, 'CERT_HAS_EXPIRED'],
    ['one of another host', 'wrong-host', true, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['one nobody vouches for', 'good', false, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ] as const)('%s is refused before anything is sent', async (_name, certificate, trusted, code) => {
    expect(await toTls(certificate, trusted)).toEqual([{ kind: 'tls_failed', code }, 0])
  })

  test('a handshake that drips ends at the connect deadline, before anything is sent', async () => {
    const tls = await startReceiver({ certificate: 'good' })
    const dripping = await startFaultProxy(tls.port)
    dripping.setMode({ kind: 'drip', everyMs: 20 })
    const options = { resolve: localhost, ca: testCertificateAuthority(), connectTimeoutMs: 400 }
    const url = new URL(`https://localhost:${dripping.port}/`)
    expect(await outcomeOf(options, { url })).toEqual({ kind: 'timed_out', phase: 'connect' })
    await waitUntil('the connection is given up', () => dripping.connections() === 0)
    expect(tls.requests).toHaveLength(0)
    await Promise.all([dripping.stop(), tls.stop()])
  })
})

test('no outcome ever holds the address that was called', async () => {
  const secret = 'T0B0secret'
  for (const reaction of [resetSocket(), neverRespond(), malformed(), closeSocket()]) {
    receiver.always(reaction)
    expect(JSON.stringify(await outcomeOf({}, { url: new URL(secret, receiver.url) }))).not.toContain(secret)
  }
})
