import type { AllowedAddress } from '@ghostpost/delivery/receivers'
import {
  createSender,
  type ResolveHost,
  type Sender,
  type SenderOptions,
} from '@ghostpost/infrastructure/outbound'
import { respond, neverRespond } from '@ghostpost/test-kit/receiver/reactions'
import { startReceiver, type Receiver } from '@ghostpost/test-kit/receiver/receiver'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { guardedConnector } from '../../src/outbound/guarded-connector.ts'
import { openNameResolver } from '../../src/outbound/names/index.ts'

let receiver: Receiver
const senders: Sender[] = []
const loopback: AllowedAddress = { network: '127.0.0.0', bits: 8, port: null }
const limits = { connectTimeoutMs: 1_500, responseTimeoutMs: 1_500, totalTimeoutMs: 2_000 }

beforeAll(async () => {
  receiver = await startReceiver()
})

afterAll(() => receiver.stop())

beforeEach(() => {
  receiver.always(respond(200))
  receiver.requests.length = 0
})

afterEach(async () => {
  await Promise.all(senders.splice(0).map((sender) => sender.close()))
})

function sender(options: Partial<SenderOptions> = {}): Sender {
  const opened = createSender({ ...limits, policy: { allowed: [loopback] }, ...options })
  senders.push(opened)
  return opened
}

const to = (url: string, headers: Record<string, string> = {}) => ({
  url: new URL(url),
  headers,
  body: '{}',
  signing: null,
  freshConnection: false,
})

const named = (name: string) => to(`http://${name}:${receiver.port}/`)

describe('name resolution', () => {
  const failing =
    (failure: Error): ResolveHost =>
    async () => {
      throw failure
    }

  test.each<[string, ResolveHost, string]>([
    ['returns no address', () => Promise.resolve([]), 'ENODATA'],
    ['fails with a code', failing(Object.assign(new Error('later'), { code: 'EAI_AGAIN' })), 'EAI_AGAIN'],
    ['fails without a code', failing(new Error('http://secret.example/')), 'UNKNOWN'],
    ['throws', () => { throw Object.assign(new Error('no'), { code: 'ESERVFAIL' }) }, 'ESERVFAIL'],
  ])('a resolver that %s gives the outcome name_not_resolved', async (_name, resolve, code) => {
    const { outcome } = await sender({ resolve }).send(named('hooks.acme.com'))
    expect(outcome).toEqual({ kind: 'name_not_resolved', code })
  }) // prettier-ignore

  // Invalid names that no resolver looks up: a label of 64 characters, an empty label, 324 characters.
  test.each([`${'x'.repeat(64)}.acme.com`, 'a..acme.com', `${'abcdefg.'.repeat(40)}com`])(
    'the system’s resolver refuses %s',
    async (name) => {
      const { outcome } = await sender({ policy: { allowed: [] } }).send(to(`http://${name}/`))
      expect(outcome).toMatchObject({ kind: 'name_not_resolved' })
    },
  )

  test('the system’s resolver finds localhost, and its allowed addresses are reached', async () => {
    const allowed = [loopback, { network: '::1', bits: 128, port: null }]
    const { outcome } = await sender({ policy: { allowed } }).send(named('localhost'))
    expect(outcome).toMatchObject({ kind: 'answered', status: 200 })
  })

  test('the sender tries only a few of thousands of addresses', async () => {
    const addresses = Array.from({ length: 5_000 }, (_, n) => ({ address: `127.9.${n >> 8}.${n & 255}` }))
    const resolve = (): ReturnType<ResolveHost> => Promise.resolve([...addresses, { address: '127.0.0.1' }])
    // Long timeouts: this test is about the number of tries, not their duration.
    const patient = { connectTimeoutMs: 20_000, responseTimeoutMs: 20_000, totalTimeoutMs: 20_000 }
    const { outcome } = await sender({ resolve, ...patient }).send(named('many.acme.com'))
    expect(outcome).toEqual({ kind: 'connection_failed', code: 'ECONNREFUSED' })
    expect(receiver.requests).toHaveLength(0)
  })
})

test('a connection that opens after its deadline carries no request', async () => {
  const before = receiver.connections()
  const resolve: ResolveHost = async (name) => {
    if (name.startsWith('late')) await new Promise((done) => setTimeout(done, 200))
    return [{ address: '127.0.0.1' }]
  }
  const late = sender({ resolve })
  const { outcome } = await late.send({ ...named('late.acme.com'), withinMs: 50 })
  expect(outcome).toEqual({ kind: 'name_not_resolved', code: 'ETIMEOUT' })
  await waitUntil('the late connection is open', () => receiver.connections() > before)
  await late.send(named('prompt.acme.com'))
  expect(receiver.requests.map(({ headers }) => headers.host)).toEqual([`prompt.acme.com:${receiver.port}`])
})

describe('an internal name', () => {
  test('an internal name reaches an allowed address', async () => {
    const resolve = (): ReturnType<ResolveHost> => Promise.resolve([{ address: '127.0.0.1' }])
    const { outcome } = await sender({ resolve }).send(named('n8n'))
    expect(outcome).toMatchObject({ kind: 'answered', status: 200 })
  })

  test('an internal name is refused if one of its addresses is not allowed, even a public one', async () => {
    const before = receiver.connections()
    const resolve = (): ReturnType<ResolveHost> =>
      Promise.resolve([{ address: '127.0.0.1' }, { address: '93.184.215.14' }])
    const { outcome } = await sender({ resolve }).send(named('n8n'))
    expect(outcome).toEqual({ kind: 'address_forbidden', reason: 'internal_name' })
    expect(receiver.connections()).toBe(before)
  })
})

test('a connection to another address than the checked one carries no request', async () => {
  let read = 0
  // Public when checked, 127.0.0.1 when connected. No resolver can do this; it isolates the check of the socket.
  const turncoat = {
    get address() {
      read += 1
      return read === 1 ? '93.184.215.14' : '127.0.0.1'
    },
  }
  const { outcome } = await sender({
    policy: { allowed: [] },
    resolve: () => Promise.resolve([turncoat]),
  }).send(named('turncoat.acme.com'))
  expect(outcome).toEqual({ kind: 'address_forbidden', reason: 'loopback' })
  expect(receiver.requests).toHaveLength(0)
})

test('the connector itself checks a literal address, which no lookup would see', async () => {
  const names = openNameResolver({ lookupTimeoutMs: 300, waitMaxMs: 300 })
  const connect = guardedConnector({ policy: { allowed: [] }, connectTimeoutMs: 300, names })
  const before = receiver.connections()
  const target = { protocol: 'http:', host: '', port: String(receiver.port) }
  for (const hostname of ['127.0.0.1', '[::1]', '::ffff:127.0.0.1', 'fe80::1%lo']) {
    const error = await new Promise((resolve) =>
      connect({ ...target, hostname }, (...[failure]) => resolve(failure)),
    )
    expect(error).toMatchObject({ name: 'AddressForbiddenError' })
  }
  expect(receiver.connections()).toBe(before)
})

test.each([
  ['a line break in a value', { 'x-note': 'a\r\nx-admin: 1' }],
  ['a space in a name', { 'x note': 'a' }],
  ['a length that is not the body’s', { 'content-length': '99' }],
])('a request with %s throws and is never sent', async (_name, headers) => {
  await expect(sender().send(to(receiver.url, headers))).rejects.toThrow(/header|length/)
  expect(receiver.requests).toHaveLength(0)
})

test('the response deadline applies even if the total deadline is much longer', async () => {
  receiver.always(neverRespond())
  const { outcome, durationMs } = await sender({ totalTimeoutMs: 20_000 }).send(to(receiver.url))
  expect(outcome).toEqual({ kind: 'timed_out', phase: 'answer' })
  expect(durationMs).toBeLessThan(10_000)
})

describe('closing', () => {
  test('closing ends running requests with an outcome', async () => {
    receiver.always(neverRespond())
    const closing = sender()
    const sending = closing.send(to(receiver.url))
    await receiver.waitForRequests(1)
    await closing.close()
    expect((await sending).outcome).toMatchObject({ kind: 'connection_lost' })
  })

  test('closing does not wait for a resolver, and nothing is sent afterwards', async () => {
    const closing = sender({ resolve: () => new Promise(() => {}) })
    const sending = closing.send(named('slow.acme.com'))
    await closing.close()
    expect((await sending).outcome).toMatchObject({ kind: 'connection_failed' })
    expect((await closing.send(to(receiver.url))).outcome).toMatchObject({ kind: 'connection_failed' })
    expect(receiver.requests).toHaveLength(0)
  })
})

test('a receiver that restarts on its port is reached again', async () => {
  const shared = sender()
  const first = await startReceiver()
  await shared.send(to(first.url))
  await first.stop()
  expect((await shared.send(to(first.url))).outcome.kind).toMatch(/^connection_/)
  const second = await startReceiver({ port: first.port })
  expect((await shared.send(to(first.url))).outcome).toMatchObject({ kind: 'answered', status: 200 })
  await second.stop()
})
