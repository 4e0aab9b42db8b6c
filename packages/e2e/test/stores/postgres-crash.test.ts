import { callApi, exportBody } from '@ghostpost/test-kit/processes/call-api'
import { startOwnPostgres, type OwnPostgres } from '@ghostpost/test-kit/processes/own-postgres'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'
import { respond } from '@ghostpost/test-kit/receiver/reactions'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

let postgres: OwnPostgres
let stack: Stack

beforeAll(async () => {
  postgres = await startOwnPostgres()
  vi.stubEnv('GHOSTPOST_TEST_DATABASE_URL', postgres.url)
  const deadlines = {
    GHOSTPOST_ANSWER_TIMEOUT_MS: '50000',
    GHOSTPOST_ATTEMPT_TIMEOUT_MS: '55000',
    GHOSTPOST_CLAIM_MS: '60000',
  }
  stack = await startStack(deadlines, 2)
})

afterAll(async () => {
  vi.unstubAllEnvs()
  await stack?.stop()
  await postgres?.remove()
})

async function exportChat(): Promise<string> {
  const call = { body: exportBody(stack, { webhook_type: 'slack' }), headers: { prefer: 'respond-async' } }
  return String((await callApi(stack, '/api/webhook', call)).body?.['delivery_id'])
}

test('a crash of Postgres while messages to a chat are in flight makes none of them fail', async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  stack.receiver.always(async (request, response) => {
    await released
    await respond(200)(request, response)
  })
  const ids = await Promise.all(Array.from({ length: 8 }, exportChat))
  await stack.receiver.waitForRequests(ids.length)
  const restarted = postgres.crash()
  release()
  await restarted
  const rows = await waitUntil('all are settled', async () => {
    const deliveries = await stack.database.prisma.delivery
      .findMany({ include: { attemptRows: true } })
      .catch(() => [])
    return (
      deliveries.length === ids.length && deliveries.every(({ sweepAt }) => sweepAt === null) && deliveries
    )
  })
  const ends = rows.map(({ state, attemptRows }) =>
    [state, ...attemptRows.map(({ outcome }) => outcome)].join(' '),
  )
  expect(new Set(ends)).toEqual(new Set(['delivered answered']))
  expect(stack.receiver.requests).toHaveLength(ids.length)
})
