import { createAdminSession } from '@ghostpost/test-kit/accounts'
import { respond } from '@ghostpost/test-kit/receiver/reactions'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { callApi } from '@ghostpost/test-kit/processes/call-api'
import { queueOnPostgres, startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

/** Shorter than the wait of a job of a paused destination (15 s) and than the sweep interval (a minute). */
const soonMs = 10_000
const settings = { GHOSTPOST_SWEEP_AFTER_MS: '60000', GHOSTPOST_SWEEP_INTERVAL_MS: '60000' }
const deliveryCount = 30

describe.each([
  ['Redis', {}],
  ['Postgres', { QUEUE_URL: queueOnPostgres }],
])('with a queue on %s', (_store, queue) => {
  let stack: Stack
  let destination: string
  let admin: string
  let count = 0

  beforeAll(async () => {
    stack = await startStack({ ...settings, ...queue })
    admin = await createAdminSession(stack.database)
  })

  afterAll(() => stack.stop())

  beforeEach(async () => {
    stack.receiver.always(respond(200))
    stack.receiver.requests.length = 0
    count += 1
    const body = { name: `paused ${count}`, webhook_type: 'custom', webhook_url: stack.receiver.url }
    const saved = await callApi(stack, '/api/destinations', { body })
    destination = (saved.body as { destination: { id: string } }).destination.id
  })

  const setState = (state: string) =>
    callApi(stack, `/api/destinations/${destination}`, { method: 'PATCH', body: { state } })

  async function exportSome(): Promise<string[]> {
    const body = { ghost_vid: 'gv_a1b2c3d4_e5f6g7h8', destination_id: destination }
    const responses = await Promise.all(
      Array.from({ length: deliveryCount }, () =>
        callApi(stack, '/api/webhook', { body, headers: { prefer: 'respond-async' } }),
      ),
    )
    return responses.map((one) => String(one.body?.['delivery_id']))
  }

  const statesOf = async (ids: string[]): Promise<string[]> => {
    const rows = await stack.database.prisma.delivery.findMany({ where: { id: { in: ids } } })
    return rows.map(({ state }) => state)
  }

  /** Waits until a worker has run each job and delayed it by 15 s. */
  const untilAllDelayed = (): Promise<unknown> =>
    waitUntil('all jobs are delayed', async () => {
      const system = await callApi(stack, '/api/system', { session: admin })
      const lanes = system.body?.['lanes'] as { lane: string; delayed: number }[]
      return (lanes.find(({ lane }) => lane === 'live')?.delayed ?? 0) >= deliveryCount
    })

  test('the deliveries of a paused destination are sent as soon as it is enabled', async () => {
    await setState('paused')
    const ids = await exportSome()
    await untilAllDelayed()
    expect(stack.receiver.requests).toHaveLength(0)
    expect(new Set(await statesOf(ids))).toEqual(new Set(['queued']))
    await setState('enabled')
    await waitUntil(
      'all are delivered',
      async () => (await statesOf(ids)).every((state) => state === 'delivered'),
      soonMs,
    )
    expect(stack.receiver.requests).toHaveLength(deliveryCount)
  })

  test('deliveries that are not due or belong to another destination are not enqueued', async () => {
    stack.receiver.always(respond(503))
    await callApi(stack, `/api/destinations/${destination}`, {
      method: 'PATCH',
      body: { retry_schedule: '0s 1h' },
    })
    const ids = await exportSome()
    await waitUntil('all wait for a retry', async () =>
      (await statesOf(ids)).every((state) => state === 'retrying'),
    )
    const before = stack.receiver.requests.length
    await setState('paused')
    await setState('enabled')
    expect(stack.receiver.requests).toHaveLength(before)
    expect(new Set(await statesOf(ids))).toEqual(new Set(['retrying']))
  })
})
