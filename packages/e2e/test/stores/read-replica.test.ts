import { createSessionToken } from '@ghostpost/test-kit/accounts'
import { startTestReplica, type TestReplica } from '@ghostpost/test-kit/test-replica'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { callApi, exportBody, type ApiResponse } from '@ghostpost/test-kit/processes/call-api'
import { makeDeadLetters } from '../deliveries/dead-letters.ts'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

const lateMaxMs = 60_000
let servers: TestReplica
let stack: Stack
/** Address of an API that reads lists from the replica while that is less than `lateMaxMs` behind. */
let address: string
let viewerSession: string

beforeAll(async () => {
  servers = await startTestReplica()
  vi.stubEnv('GHOSTPOST_TEST_DATABASE_URL', servers.primaryUrl)
  stack = await startStack()
  viewerSession = await createSessionToken(stack.database, stack.user.id)
  const api = await stack.startApi({
    GHOSTPOST_READ_DATABASE_URL: servers.replicaUrlOf(stack.database.url),
    GHOSTPOST_READ_LATE_MAX_MS: String(lateMaxMs),
  })
  address = api.address
})

afterAll(async () => {
  vi.unstubAllEnvs()
  await stack.stop()
  await servers.remove()
})

function call(path: string, more: Parameters<typeof callApi>[2] = {}): Promise<ApiResponse> {
  return callApi({ api: address, session: viewerSession }, path, more)
}

function cookieIn({ headers }: ApiResponse): string {
  return (headers.get('set-cookie') ?? '').split(';')[0] ?? ''
}

/**
 * An API that cannot check in time how late the replica is reads from the primary and tries again later. So a test
 * waits for the list that only the replica shows.
 */
function waitForReplica(what: string, isShown: () => Promise<boolean>): Promise<unknown> {
  return waitUntil(`the API reads ${what} from the replica`, isShown)
}

function idsIn({ body }: ApiResponse): unknown[] {
  const { items } = body as { items: { delivery_id: string }[] }
  return items.map(({ delivery_id }) => delivery_id)
}

test('lists come from the replica, and after a change of the same browser from the primary', async () => {
  const first = await call('/api/webhook', { body: exportBody(stack) })
  expect(first.status).toBe(200)
  await waitForReplica('the first delivery', async () =>
    idsIn(await call('/api/deliveries')).includes(first.body?.['delivery_id']),
  )

  await servers.pauseReplay()
  try {
    const second = await call('/api/webhook', { body: exportBody(stack) })
    const id = second.body?.['delivery_id']
    await waitForReplica('the list', async () => !idsIn(await call('/api/deliveries')).includes(id))
    await waitForReplica('the count', async () => (await call('/api/deliveries/count')).body?.['count'] === 1)
    await waitForReplica(
      'the export',
      async () => !(await call('/api/deliveries/export?format=ndjson')).text.includes(String(id)),
    )
    const cookie = `session=${viewerSession}; ${cookieIn(second)}`
    const own = (path: string): Promise<ApiResponse> => call(path, { session: null, headers: { cookie } })
    expect(idsIn(await own('/api/deliveries'))).toContain(id)
    expect((await own('/api/deliveries/count')).body).toMatchObject({ count: 2 })
    // The API reads a single delivery from the primary for every caller.
    expect(await call(`/api/deliveries/${String(id)}`)).toMatchObject({
      status: 200,
      body: { status: 'delivered' },
    })
    expect((await call(`/api/deliveries/${String(id)}/explain`)).status).toBe(200)
  } finally {
    await servers.resumeReplay()
  }
})

test('the cookie of a change lasts as long as lists may be late, and a list sets none', async () => {
  const response = await call('/api/webhook', { body: exportBody(stack) })
  expect(response.headers.get('set-cookie')).toMatch(
    /^changed=1; Max-Age=60; Path=\/api; HttpOnly; SameSite=Lax$/,
  )
  expect((await call('/api/deliveries')).headers.get('set-cookie')).toBeNull()
})

test('failures, operations and the backlog come from the replica, too', async () => {
  const [id] = await makeDeadLetters(stack, 1)
  await waitForReplica('the first failure', async () => (await failureCount()) === 1)
  await servers.pauseReplay()
  try {
    await makeDeadLetters(stack, 1)
    await waitForReplica('the failures', async () => (await failureCount()) === 1)
    expect((await call(`/api/deliveries/${id}`)).body).toMatchObject({ status: 'failed' })
  } finally {
    await servers.resumeReplay()
  }
  await waitUntil('the second failure is listed', async () => (await failureCount()) === 2)
  expect((await call('/api/operations')).body).toMatchObject({ items: [] })
  expect((await call('/api/system')).body).toMatchObject({ backlog: { due: 0 } })
})

async function failureCount(): Promise<number> {
  const { items } = (await call('/api/failures')).body as { items: { count: number }[] }
  return items.reduce((sum, { count }) => sum + count, 0)
}

test('without the replica the API reads lists from the primary and stays ready', async () => {
  await servers.stopReplica()
  const { status, body } = await call('/api/webhook', { body: exportBody(stack) })
  expect(status).toBe(200)
  expect(idsIn(await call('/api/deliveries'))).toContain(body?.['delivery_id'])
  expect((await call('/readyz', { session: null })).status).toBe(200)
})

test('an API without a replica sets no cookie of a change', async () => {
  const response = await callApi(stack, '/api/webhook', { body: exportBody(stack) })
  expect(response.headers.get('set-cookie')).toBeNull()
})
