import type { DeliveryExplanation } from '@ghostpost/delivery/contract/delivery-log'
import { respond, neverRespond } from '@ghostpost/test-kit/receiver/reactions'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { callApi, exportBody } from '@ghostpost/test-kit/processes/call-api'
import { makeDeadLetters } from './dead-letters.ts'
import { deleteQueue } from '../stores/queue-contents.ts'
import { startStack, type Stack, type StackSettings } from '@ghostpost/test-kit/processes/start-stack'

let stack: Stack

type Reasons = DeliveryExplanation['reasons']

async function reasons(id: string): Promise<Reasons> {
  return (await callApi(stack, `/api/deliveries/${id}/explain`)).body?.['reasons'] as Reasons
}

const codes = async (id: string): Promise<string[]> => (await reasons(id)).map(({ code }) => code)

async function exported(changes: Record<string, unknown> = {}): Promise<string> {
  const { body } = await callApi(stack, '/api/webhook', {
    body: exportBody(stack, changes),
    headers: { prefer: 'respond-async' },
  })
  return String(body?.['delivery_id'])
}

async function exportedTo(
  reaction: ReturnType<typeof respond>,
  changes: Record<string, unknown> = {},
): Promise<string> {
  stack.receiver.always(reaction)
  const { body } = await callApi(stack, '/api/webhook', { body: exportBody(stack, changes) })
  return String(body?.['delivery_id'])
}

async function destination(): Promise<string> {
  const body = { name: 'paused', webhook_type: 'custom', webhook_url: stack.receiver.url }
  const created = await callApi(stack, '/api/destinations', { body })
  return (created.body as { destination: { id: string } }).destination.id
}

function eachStack(settings: StackSettings, workers: number): void {
  beforeAll(async () => {
    stack = await startStack(settings, workers)
  })

  afterEach(async () => {
    stack.receiver.always(respond(200))
    await stack.database.pool.query(
      'truncate deliveries, payloads, attempts, operations, lane_pauses cascade',
    )
  })

  afterAll(() => stack.stop())
}

describe('the explanation of a delivery', () => {
  eachStack({ GHOSTPOST_RETRY_SCHEDULE: '0s 1h 2h' }, 1)

  test('covers a delivered and a failed delivery', async () => {
    expect(await reasons(await exportedTo(respond(200)))).toMatchObject([
      { code: 'finished', text: 'It was delivered.', remedy: null },
    ])
    expect(await reasons(await exportedTo(respond(400)))).toMatchObject([
      { code: 'finished', remedy: expect.stringContaining('Resend') },
    ])
  })

  test('names the retry wait and its origin', async () => {
    const id = await exportedTo(respond(503))
    const { body } = await callApi(stack, `/api/deliveries/${id}`)
    expect(await reasons(id)).toEqual([
      {
        code: 'waiting_for_retry',
        text: 'Attempt 2 of 3 is scheduled: the retry schedule sets this wait.',
        until: body?.['next_attempt_at'],
        remedy: null,
      },
    ])
    // Under its own host name, because the Retry-After blocks the whole receiver.
    const webhook_url = stack.receiver.url.replace('127.0.0.1', 'localhost')
    const asked = await exportedTo(respond(503, { headers: { 'retry-after': '7200' } }), { webhook_url })
    expect(await reasons(asked)).toMatchObject([
      { code: 'waiting_for_retry', text: expect.stringContaining('the receiver asked for this wait') },
      { code: 'throttled', until: expect.any(String) },
    ])
  })

  test('names the paused or disabled destination with the operators’ reasons', async () => {
    const destination_id = await destination()
    const path = `/api/destinations/${destination_id}`
    await callApi(stack, path, { method: 'PATCH', body: { state: 'paused', state_reason: 'maintenance' } })
    const id = await exported({ destination_id, webhook_url: undefined })
    const [first] = await reasons(id)
    expect(first).toMatchObject({
      code: 'destination_paused',
      text: 'Its destination is paused: maintenance',
      remedy: expect.stringContaining('enabled'),
    })
    await stack.database.prisma.destination.update({
      where: { id: destination_id },
      data: { state: 'disabled', stateReason: 'gone' },
    })
    expect((await codes(id))[0]).toBe('destination_disabled')
  })

  test('names the paused operation', async () => {
    const [id = ''] = (await makeDeadLetters(stack, 12)).toSorted()
    stack.receiver.always(respond(503))
    const plan = await callApi(stack, '/api/operations/plan', {
      body: { kind: 'resend', filter: { status: 'failed' }, rate: 1_000 },
    })
    const { operation } = plan.body as unknown as { operation: { operation_id: string } }
    await callApi(stack, '/api/operations', { body: { operation_id: operation.operation_id } })
    await waitUntil('its canary has failed', async () => (await codes(id)).includes('operation_paused'))
    expect(await reasons(id)).toMatchObject([
      { code: 'operation_paused', text: expect.stringContaining('canary: 10 of the first 10 failed') },
      { code: 'waiting_for_retry' },
    ])
  })
})

describe('the explanation of a delivery to a busy receiver', () => {
  const settings = {
    GHOSTPOST_RECEIVER_CONCURRENCY: '1',
    GHOSTPOST_BREAKER_FAILURES: '3',
    GHOSTPOST_ANSWER_TIMEOUT_MS: '8000',
    GHOSTPOST_ATTEMPT_TIMEOUT_MS: '9000',
    GHOSTPOST_CLAIM_MS: '12000',
    GHOSTPOST_RETRY_SCHEDULE: '0s 1h 2h',
  }
  eachStack(settings, 1)

  test('names the attempt in flight or the receiver’s full concurrency', async () => {
    stack.receiver.always(neverRespond())
    const first = await exported()
    await waitUntil('it is being delivered', async () => (await codes(first))[0] === 'being_delivered')
    expect(await reasons(first)).toMatchObject([{ until: expect.any(String) }])
    const second = await exported()
    expect(await reasons(second)).toMatchObject([
      { code: 'receiver_full', text: expect.stringContaining('limit of 1 concurrent requests') },
    ])
  })

  test('names the open breaker and its end', async () => {
    const failing = await waitUntil(
      'the breaker is open',
      async () => {
        const id = await exportedTo(respond(503))
        return (await codes(id)).includes('breaker_open') && id
      },
      30_000,
    )
    expect((await reasons(failing)).map(({ code }) => code)).toContain('breaker_open')
    const waiting = await exported()
    await waitUntil('it waits', async () => (await codes(waiting))[0] === 'breaker_open')
    expect(await reasons(waiting)).toMatchObject([
      { until: expect.any(String), remedy: expect.stringContaining('responses') },
    ])
  })
})

describe('the explanation of a delivery without workers', () => {
  eachStack({}, 0)

  test('names the missing worker', async () => {
    expect(await reasons(await exported())).toMatchObject([
      { code: 'no_worker', remedy: expect.stringContaining('Start a worker') },
    ])
  })

  test('names the paused lane', async () => {
    await stack.database.pool.query(
      `insert into lane_pauses (lane, reason, paused_by) values ('live', 'moving house', $1)`,
      [stack.user.id],
    )
    expect(await reasons(await exported())).toMatchObject([
      { code: 'lane_paused', text: 'The live lane is paused: moving house' },
      { code: 'no_worker' },
    ])
  })

  test('names the missing job and the time of the next sweep', async () => {
    const id = await exported()
    await deleteQueue(stack.queue)
    const { rows } = await stack.database.pool.query<{ sweep_at: Date }>(
      'select sweep_at from deliveries where id = $1',
      [id],
    )
    expect(await reasons(id)).toMatchObject([
      { code: 'no_worker' },
      { code: 'not_queued', until: rows[0]?.sweep_at.toISOString() },
    ])
  })
})
