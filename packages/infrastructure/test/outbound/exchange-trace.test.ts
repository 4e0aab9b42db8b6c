import type { ExchangeTrace, OutboundRequest } from '@ghostpost/delivery/deliver'
import { createSender, type Sender } from '@ghostpost/infrastructure/outbound'
import { freePort } from '@ghostpost/local-services'
import { respond, slow } from '@ghostpost/test-kit/receiver/reactions'
import { startReceiver, testCertificateAuthority, type Receiver } from '@ghostpost/test-kit/receiver/receiver'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

let plain: Receiver
let secure: Receiver
let sender: Sender

beforeAll(async () => {
  plain = await startReceiver()
  secure = await startReceiver({ certificate: 'good' })
  sender = createSender({
    connectTimeoutMs: 1_500,
    responseTimeoutMs: 1_500,
    totalTimeoutMs: 2_000,
    policy: { allowed: [{ network: '127.0.0.0', bits: 8, port: null }] },
    ca: testCertificateAuthority(),
    resolve: async () => [{ address: '127.0.0.1' }],
  })
})

beforeEach(() => {
  plain.always(respond(200))
  secure.always(respond(200))
})

afterAll(async () => {
  await sender.close()
  await Promise.all([plain.stop(), secure.stop()])
})

async function trace(url: string, changes: Partial<OutboundRequest> = {}): Promise<ExchangeTrace> {
  const sent = await sender.send({
    url: new URL(url),
    headers: { 'content-type': 'application/json', 'x-api-key': 'planted-secret' },
    body: '{}',
    signing: null,
    freshConnection: true,
    ...changes,
  })
  if (!sent.trace) throw new Error('no trace')
  return sent.trace
}

const anyNumber = expect.any(Number) as number

test('a new connection has a connect time, and a TLS connection a handshake time', async () => {
  const over = await trace(plain.url)
  expect(over.timings).toEqual({
    reusedConnection: false,
    dnsMs: null,
    connectMs: anyNumber,
    tlsMs: null,
    firstByteMs: anyNumber,
    totalMs: anyNumber,
  })
  const tls = await trace(secure.url)
  expect(tls.timings).toMatchObject({ reusedConnection: false, connectMs: anyNumber, tlsMs: anyNumber })
})

test('a host name has a DNS time', async () => {
  const { timings } = await trace(plain.url.replace('127.0.0.1', 'hooks.acme.com'))
  expect(timings).toMatchObject({ dnsMs: anyNumber, connectMs: anyNumber })
})

test('a reused connection is marked as reused', async () => {
  // Right after a response its connection may not be free yet.
  const timings = await waitUntil('a connection is reused', async () => {
    const traced = await trace(plain.url, { freshConnection: false })
    return traced.timings.reusedConnection && traced.timings
  })
  expect(timings).toMatchObject({ dnsMs: null, connectMs: null, tlsMs: null, firstByteMs: anyNumber })
})

test('the phases add up to at most the total time', async () => {
  plain.always(slow(50, respond(200)))
  const { dnsMs, connectMs, firstByteMs, totalMs } = (await trace(plain.url)).timings
  expect((dnsMs ?? 0) + (connectMs ?? 0) + (firstByteMs ?? 0)).toBeLessThanOrEqual(totalMs)
  expect(firstByteMs).toBeGreaterThan(40)
})

test('a phase that was not reached is null', async () => {
  const { timings } = await trace(`http://127.0.0.1:${await freePort()}/`)
  expect(timings).toMatchObject({ reusedConnection: false, firstByteMs: null })
})

test('the trace has the method and body as sent', async () => {
  const { requestMethod, requestBody } = await trace(plain.url, { method: 'PATCH', body: '{"ü":1}' })
  expect(plain.requests.at(-1)).toMatchObject({ method: requestMethod, body: requestBody })
})

test('the trace has the headers with secrets masked', async () => {
  const { requestHeaders } = await trace(plain.url, {
    signing: { id: 'msg_1', timestamp: 1, secrets: ['whsec_c2VjcmV0c2VjcmV0c2VjcmV0'] },
  })
  expect(requestHeaders).toEqual({
    'accept-encoding': 'identity',
    'content-type': 'application/json',
    'x-api-key': '•••',
    'webhook-id': 'msg_1',
    'webhook-timestamp': '1',
    'webhook-signature': 'v1,•••',
  })
})
