import { answer, waitUntil } from '@ghostpost/test-kit'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { callApi, exportBody } from '../src/call-api.ts'
import { startStack, type Stack } from '../src/start-stack.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
})

beforeEach(async () => {
  stack.receiver.requests.length = 0
  await stack.database.pool.query('delete from deliveries')
})

afterAll(() => stack.stop())

const crms = ['hubspot', 'salesforce'] as const

async function exported(webhook_type: string, changes: object = {}): Promise<string> {
  const { body } = await callApi(stack, '/api/webhook', {
    body: exportBody(stack, { webhook_type, ...changes }),
  })
  return String(body?.['delivery_id'])
}

async function read(id: string): Promise<Record<string, unknown>> {
  return (await callApi(stack, `/api/deliveries/${id}`)).body ?? {}
}

/** A snapshot that was built, and that the receiver has not taken. */
async function failedSnapshot(webhook_type: string, changes?: object): Promise<string> {
  stack.receiver.always(answer(400, { body: 'not now' }))
  const id = await exported(webhook_type, changes)
  stack.receiver.always(answer(200))
  return id
}

async function resent(id: string): Promise<Record<string, unknown>> {
  const { status } = await callApi(stack, `/api/deliveries/${id}/resend`, { body: {} })
  expect(status).toBe(202)
  return waitUntil('it is finished again', async () => {
    const delivery = await read(id)
    return !['queued', 'delivering', 'retrying'].includes(String(delivery['status'])) && delivery
  })
}

describe.each(crms)('in %s', (type) => {
  test('an older snapshot sent late does not overwrite a newer one that was delivered', async () => {
    const older = await failedSnapshot(type)
    await exported(type)
    const sent = stack.receiver.requests.length
    expect(await resent(older)).toMatchObject({
      status: 'cancelled',
      last_error: { code: 'superseded', message: expect.stringContaining('newer snapshot') },
    })
    expect(stack.receiver.requests).toHaveLength(sent)
  })

  test('a newer snapshot that failed keeps nothing back', async () => {
    const older = await failedSnapshot(type)
    await failedSnapshot(type)
    expect(await resent(older)).toMatchObject({ status: 'delivered' })
  })

  test('what went elsewhere keeps nothing back', async () => {
    const older = await failedSnapshot(type)
    await exported(type, { webhook_url: stack.receiver.url.replace('127.0.0.1', 'localhost') })
    await exported('custom')
    await exported(type === 'hubspot' ? 'salesforce' : 'hubspot')
    expect(await resent(older)).toMatchObject({ status: 'delivered' })
  })

  test('another visitor keeps nothing back', async () => {
    await stack.database.pool.query(
      `insert into visitors (site_id, ghost_vid, first_seen, last_seen) values (4, $1, now(), now())`,
      [`gv_other_${type}`],
    )
    const older = await failedSnapshot(type)
    await exported(type, { ghost_vid: `gv_other_${type}` })
    expect(await resent(older)).toMatchObject({ status: 'delivered' })
  })
})

test('a receiver that is no CRM gets every snapshot', async () => {
  const older = await failedSnapshot('custom')
  await exported('custom')
  expect(await resent(older)).toMatchObject({ status: 'delivered' })
})

test('an operation skips it, and its ledger says why', async () => {
  const older = await failedSnapshot('hubspot')
  await exported('hubspot')
  const planned = await callApi(stack, '/api/operations/plan', {
    body: { kind: 'resend', delivery_ids: [older] },
  })
  const { operation } = planned.body as unknown as { operation: { operation_id: string } }
  await callApi(stack, '/api/operations', { body: { operation_id: operation.operation_id } })
  const path = `/api/operations/${operation.operation_id}`
  await waitUntil('it is done', async () => (await callApi(stack, path)).body?.['state'] === 'completed')
  expect((await callApi(stack, path)).body).toMatchObject({
    counts: { skipped: 1 },
    skipped_because: { superseded: 1 },
  })
  expect((await callApi(stack, `${path}/items`)).body).toMatchObject({
    items: [{ outcome: 'skipped', reason: 'superseded', delivery_id: older }],
  })
})
