import { createSessionToken, createUser } from '@ghostpost/test-kit/accounts'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { callApi, type ApiResponse } from '@ghostpost/test-kit/processes/call-api'
import {
  queueOnPostgres,
  startStack,
  type Stack,
  type StackSettings,
} from '@ghostpost/test-kit/processes/start-stack'

let stack: Stack
let apis: string[] = []
let callers = 0

beforeAll(async () => {
  stack = await startStack({ GHOSTPOST_TRUST_PROXY: 'true', GHOSTPOST_RATE_LIMIT_IP: '8' }, 0)
})

afterEach(() => {
  apis = []
})

afterAll(() => stack.stop())

/** Two API processes with these settings. */
async function startTwo(settings: StackSettings): Promise<void> {
  const started = await Promise.all([stack.startApi(settings), stack.startApi(settings)])
  apis = started.map(({ address }) => address)
}

/** A caller address that no other test uses. */
function newAddress(): string {
  callers += 1
  return `2001:db8:${callers.toString(16)}::1`
}

async function callMany(
  count: number,
  { from, session, path = '/api/webhook' }: { from: string; session?: string | null; path?: string },
): Promise<ApiResponse[]> {
  const responses: ApiResponse[] = []
  for (let call = 0; call < count; call += 1) {
    const api = apis[call % apis.length] ?? stack.api
    const headers = { 'x-forwarded-for': from }
    responses.push(
      await callApi({ ...stack, api }, path, { headers, ...(session !== undefined && { session }) }),
    )
  }
  return responses
}

const statuses = (responses: ApiResponse[]): number[] => responses.map(({ status }) => status)
const limited = (responses: ApiResponse[]): ApiResponse[] => responses.filter(({ status }) => status === 429)

test('two processes count the calls of one address together and send Retry-After', async () => {
  await startTwo({})
  const from = newAddress()
  const responses = await callMany(12, { from })
  expect(limited(responses)).toHaveLength(4)
  expect(responses.at(-1)?.body).toMatchObject({ success: false, error: { code: 'rate_limited' } })
  const wait = Number(responses.at(-1)?.headers.get('retry-after'))
  expect(wait).toBeGreaterThan(0)
  expect(wait).toBeLessThanOrEqual(60)
  expect(statuses(await callMany(1, { from: newAddress() }))).toEqual([200])
})

test('addresses of one IPv6 /64 count as one caller', async () => {
  const responses: ApiResponse[] = []
  for (let host = 1; host <= 10; host += 1)
    responses.push(...(await callMany(1, { from: `2001:db8:ffff:1::${host}` })))
  expect(limited(responses)).toHaveLength(2)
})

test('an address that the caller itself writes into X-Forwarded-For does not count', async () => {
  const real = newAddress()
  const responses: ApiResponse[] = []
  for (let call = 0; call < 10; call += 1)
    responses.push(...(await callMany(1, { from: `203.0.113.${call}, ${real}` })))
  expect(limited(responses)).toHaveLength(2)
})

test('calls of unknown paths and without a session count; health checks do not', async () => {
  const from = newAddress()
  await callMany(4, { from, path: '/api/nothing' })
  await callMany(4, { from, session: null })
  expect(statuses(await callMany(1, { from }))).toEqual([429])
  expect(statuses(await callMany(3, { from, path: '/healthz' }))).toEqual([200, 200, 200])
})

test('one session has one limit for all its addresses', async () => {
  const settings = { GHOSTPOST_RATE_LIMIT_SESSION: '5', GHOSTPOST_RATE_LIMIT_IP: '0' }
  await startTwo(settings)
  const user = await createUser(stack.database, [4])
  const session = await createSessionToken(stack.database, user.id)
  const other = await createSessionToken(stack.database, user.id)
  const responses: ApiResponse[] = []
  for (let call = 0; call < 8; call += 1)
    responses.push(...(await callMany(1, { from: newAddress(), session })))
  expect(limited(responses)).toHaveLength(3)
  expect(statuses(await callMany(1, { from: newAddress(), session: other }))).toEqual([200])
})

test.each([
  ['is away', 'redis://127.0.0.1:1'],
  ['is Postgres', queueOnPostgres],
])('each process counts alone when the queue %s', async (_why, url) => {
  const QUEUE_URL = url === queueOnPostgres ? stack.database.url : url
  await startTwo({ QUEUE_URL })
  const responses = await callMany(20, { from: newAddress() })
  const ok = responses.filter(({ status }) => status === 200)
  expect({
    ok: ok.length,
    limited: limited(responses).length,
    statuses: new Set(statuses(responses)),
  }).toEqual({
    ok: 16,
    limited: 4,
    statuses: new Set([200, 429]),
  })
})
