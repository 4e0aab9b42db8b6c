import { createSessionToken, createUser } from '@ghostpost/test-kit/accounts'
import { respond } from '@ghostpost/test-kit/receiver/reactions'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAdminSession } from '../dashboard/dashboard.ts'
import { callApi, errorCodeOf, exportBody } from '@ghostpost/test-kit/processes/call-api'
import {
  queueOnPostgres,
  startStack,
  type Stack,
  type StackSettings,
} from '@ghostpost/test-kit/processes/start-stack'

const secret = 'very-secret-answer'

let stack: Stack
let admin: string

async function start(settings: StackSettings): Promise<void> {
  stack = await startStack(settings)
  admin = await createAdminSession(stack.database)
}

const ask = (path: string, session: string | null = admin, method = 'GET') =>
  callApi(stack, path, { session, method })

describe.each([
  ['Redis', {}],
  ['Postgres', { QUEUE_URL: queueOnPostgres }],
])('the queues as they are, on %s', (_name, settings) => {
  beforeAll(() => start({ GHOSTPOST_RAW_QUEUES: 'true', ...settings }))

  afterAll(() => stack?.stop())

  test('are shown to an admin of all sites', async () => {
    stack.receiver.always(respond(503, { body: secret, headers: { 'retry-after': '3600' } }))
    const { body } = await callApi(stack, '/api/webhook', { body: exportBody(stack) })
    const id = String(body?.['delivery_id'])
    const page = await ask('/ops/raw')
    expect(page.status).toBe(200)
    expect(page.text).toContain('Ghostpost: raw queues')
    const listed = await waitUntil('the job is listed', async () => {
      const { text } = await ask('/ops/raw/api/queues?activeQueue=lane-retry')
      const board = JSON.parse(text) as {
        queues: { name: string; readOnlyMode: boolean; counts: { delayed: number } }[]
      }
      return board.queues.some(({ counts }) => counts.delayed > 0) && board
    })
    expect(listed.queues).toHaveLength(3)
    expect(listed.queues.every(({ readOnlyMode }) => readOnlyMode)).toBe(true)
    const name = listed.queues.find((queue) => queue.name.endsWith('lane-retry'))?.name ?? ''
    const { text } = await ask(`/ops/raw/api/queues?activeQueue=${name}`)
    expect(text).toContain(`/ops/deliveries/${id}`)
  })

  test('contain no response of a receiver', async () => {
    const { body } = await ask('/ops/raw/api/queues')
    const names = (body as { queues: { name: string }[] } | null)?.queues.map(({ name }) => name) ?? []
    expect(names).toHaveLength(3)
    for (const name of names) {
      const { text } = await ask(`/ops/raw/api/queues?activeQueue=${name}`)
      expect(text).not.toContain(secret)
      expect(text).not.toContain('"message"')
    }
  })

  test.each([
    ['PUT', '/ops/raw/api/queues/lane-retry/promote'],
    ['PUT', '/ops/raw/api/queues/lane-retry/pause'],
    ['PUT', '/ops/raw/api/queues/pause'],
    ['PUT', '/ops/raw/api/queues/lane-live/retry/failed'],
    ['PUT', '/ops/raw/api/queues/lane-live/clean/completed'],
    ['POST', '/ops/raw/api/queues/lane-live/add'],
  ])('cannot be changed: %s %s is refused', async (method, path) => {
    const refused = await ask(path, admin, method)
    expect([refused.status, errorCodeOf(refused)]).toEqual([405, 'method_not_allowed'])
  })

  test('are hidden from other users', async () => {
    const { id } = await createUser(stack.database, [4], 'admin')
    const ofOneSite = await createSessionToken(stack.database, id)
    for (const path of ['/ops/raw', '/ops/raw/api/queues', '/ops/raw/static/images/logo.svg']) {
      expect((await ask(path, null)).status).toBe(401)
      const refused = await ask(path, ofOneSite)
      expect([refused.status, errorCodeOf(refused)]).toEqual([403, 'forbidden'])
    }
  })

  test('have a content security policy that allows only their own base', async () => {
    const { headers, text } = await ask('/ops/raw')
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'self'")
    expect(policy).toContain("base-uri 'self'")
    expect(policy).not.toMatch(/unsafe|https:|\*/)
    expect(text).not.toMatch(/<style|style=|https?:\/\//)
  })
})

describe('without the setting', () => {
  beforeAll(() => start({}))

  afterAll(() => stack?.stop())

  test('the page does not exist, and no link leads to it', async () => {
    expect((await ask('/ops/raw/api/queues')).status).toBe(404)
    expect((await callApi(stack, '/api/system', { session: admin })).body).toMatchObject({ raw_queues: null })
  })
})
