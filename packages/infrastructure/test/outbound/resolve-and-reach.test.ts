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

describe('a resolver', () => {
  const failing =
    (failure: Error): ResolveHost =>
    async () => {
      throw failure
    }

  test.each<[string, ResolveHost, string]>([
    ['that has no address', () => Promise.resolve([]), 'ENODATA'],
    ['that fails with a code', failing(Object.assign(new Error('later'), { code: 'EAI_AGAIN' })), 'EAI_AGAIN'],
    ['that fails without one', failing(new Error('http://secret.example/')), 'UNKNOWN'],
    ['that throws', () => { throw Object.assign(new Error('no'), { code: 'ESERVFAIL' }) }, 'ESERVFAIL'],
  ])('%s is told as such', async (_name, resolve, code) => {
    const { outcome } = await sender({ resolve }).send(named('hooks.acme.com'))
    expect(outcome).toEqual({ kind: 'name_not_resolved', code })
  }) // prettier-ignore

  // Names no resolver asks anyone about: a label of 64 characters, an empty label, 324 characters.
  test.each([`${'x'.repeat(64)}.acme.com`, 'a..acme.com', `${'abcdefg.'.repeat(40)}com`])(
    'of the system that refuses %s',
    async (name) => {
      const { outcome } = await sender({ policy: { allowed: [] } }).send(to(`http://${name}/`))
      expect(outcome).toMatchObject({ kind: 'name_not_resolved' })
    },
  )

  test('of the system finds localhost, where its addresses are listed', async () => {
    const allowed = [loopback, { network: '::1', bits: 128, port: null }]
    const { outcome } = await sender({ policy: { allowed } }).send(named('localhost'))
    expect(outcome).toMatchObject({ kind: 'answered', status: 200 })
  })

  test('with thousands of addresses makes us knock at a few only', async () => {
    const addresses = Array.from({ length: 5_000 }, (_, n) => ({ address: `127.9.${n >> 8}.${n & 255}` }))
    const resolve = (): ReturnType<ResolveHost> => Promise.resolve([...addresses, { address: '127.0.0.1' }])
    // What is counted is the knocking; how long it takes is not the point here.
    const patient = { connectTimeoutMs: 20_000, responseTimeoutMs: 20_000, totalTimeoutMs: 20_000 }
    const { outcome } = await sender({ resolve, ...patient }).send(named('many.acme.com'))
    expect(outcome).toEqual({ kind: 'connection_failed', code: 'ECONNREFUSED' })
    expect(receiver.requests).toHaveLength(0)
  })
})

test('a connection that comes about after its deadline carries no request', async () => {
  const before = receiver.connections()
  const resolve: ResolveHost = async (name) => {
    if (name.startsWith('late')) await new Promise((done) => setTimeout(done, limits.connectTimeoutMs + 60))
    return [{ address: '127.0.0.1' }]
  }
  const late = sender({ resolve })
  const { outcome } = await late.send(named('late.acme.com'))
  expect(outcome).toEqual({ kind: 'timed_out', phase: 'connect' })
  await waitUntil('it is connected all the same', () => receiver.connections() > before)
  await late.send(named('prompt.acme.com'))
  expect(receiver.requests.map(({ headers }) => headers.host)).toEqual([`prompt.acme.com:${receiver.port}`])
})

describe('an internal name', () => {
  test('reaches a listed address', async () => {
    const resolve = (): ReturnType<ResolveHost> => Promise.resolve([{ address: '127.0.0.1' }])
    const { outcome } = await sender({ resolve }).send(named('n8n'))
    expect(outcome).toMatchObject({ kind: 'answered', status: 200 })
  })

  test('reaches nothing when one of its addresses is not listed, be it public', async () => {
    const before = receiver.connections()
    const resolve = (): ReturnType<ResolveHost> =>
      Promise.resolve([{ address: '127.0.0.1' }, { address: '93.184.215.14' }])
    const { outcome } = await sender({ resolve }).send(named('n8n'))
    expect(outcome).toEqual({ kind: 'address_forbidden', reason: 'internal_name' })
    expect(receiver.connections()).toBe(before)
  })
})

test('a connection that reached another address than the checked one carries no request', async () => {
  let read = 0
  // Public when checked, and 127.0.0.1 when connected to: no resolver can do this, so the last check stands alone.
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

test('a literal address is judged by the connector itself, which no look-up would be asked about', async () => {
  const connect = guardedConnector({ policy: { allowed: [] }, connectTimeoutMs: 300 })
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
])('a request with %s is our mistake: it is thrown, and never sent', async (_name, headers) => {
  await expect(sender().send(to(receiver.url, headers))).rejects.toThrow(/header|length/)
  expect(receiver.requests).toHaveLength(0)
})

test('a head that is too late is waited for no longer than asked, whatever the time in all', async () => {
  receiver.always(neverRespond())
  const { outcome, durationMs } = await sender({ totalTimeoutMs: 20_000 }).send(to(receiver.url))
  expect(outcome).toEqual({ kind: 'timed_out', phase: 'answer' })
  expect(durationMs).toBeLessThan(10_000)
})

describe('closing', () => {
  test('ends what is under way, which is told as an outcome', async () => {
    receiver.always(neverRespond())
    const closing = sender()
    const sending = closing.send(to(receiver.url))
    await receiver.waitForRequests(1)
    await closing.close()
    expect((await sending).outcome).toMatchObject({ kind: 'connection_lost' })
  })

  test('waits for no resolver, and nothing is sent afterwards', async () => {
    const closing = sender({ resolve: () => new Promise(() => {}) })
    const sending = closing.send(named('slow.acme.com'))
    await closing.close()
    expect((await sending).outcome).toMatchObject({ kind: 'connection_failed' })
    expect((await closing.send(to(receiver.url))).outcome).toMatchObject({ kind: 'connection_failed' })
    expect(receiver.requests).toHaveLength(0)
  })
})

test('a receiver that comes back on its port is reached again', async () => {
  const shared = sender()
  const first = await startReceiver()
  await shared.send(to(first.url))
  await first.stop()
  expect((await shared.send(to(first.url))).outcome.kind).toMatch(/^connection_/)
  const second = await startReceiver({ port: first.port })
  expect((await shared.send(to(first.url))).outcome).toMatchObject({ kind: 'answered', status: 200 })
  await second.stop()
})
