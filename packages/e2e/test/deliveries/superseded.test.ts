import { randomUUID } from 'node:crypto'
import { startHubspotFake } from '@ghostpost/test-kit/hubspot-fake/hubspot-fake'
import { respond } from '@ghostpost/test-kit/receiver/reactions'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { callApi, exportBody } from '@ghostpost/test-kit/processes/call-api'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

let stack: Stack

beforeAll(async () => {
  stack = await startStack({ GHOSTPOST_ALLOWED_ADDRESSES: '127.0.0.1/32' })
})

beforeEach(async () => {
  stack.receiver.requests.length = 0
  await stack.database.pool.query('delete from deliveries')
})

afterAll(() => stack.stop())

const crms = ['hubspot', 'salesforce'] as const

/** A destination type at the stack's receiver, or a saved destination. */
type Target = string | { destination_id: string }

async function exported(to: Target, changes: object = {}): Promise<string> {
  const body =
    typeof to === 'string'
      ? exportBody(stack, { webhook_type: to, ...changes })
      : { ghost_vid: 'gv_a1b2c3d4_e5f6g7h8', ...to, ...changes }
  return String((await callApi(stack, '/api/webhook', { body })).body?.['delivery_id'])
}

async function saved(webhook_type: string, changes: object = {}): Promise<Exclude<Target, string>> {
  const name = `${webhook_type} ${randomUUID()}`
  const body = { name, webhook_type, webhook_url: `${stack.receiver.url}saved`, ...changes }
  const response = await callApi(stack, '/api/destinations', { body })
  expect(response.status).toBe(201)
  return { destination_id: (response.body as { destination: { id: string } }).destination.id }
}

async function read(id: string): Promise<Record<string, unknown>> {
  return (await callApi(stack, `/api/deliveries/${id}`)).body ?? {}
}

/** A snapshot that was built and that the receiver refused. */
async function failedSnapshot(to: Target, changes?: object): Promise<string> {
  stack.receiver.always(respond(400, { body: 'not now' }))
  const id = await exported(to, changes)
  stack.receiver.always(respond(200))
  return id
}

async function resent(id: string): Promise<Record<string, unknown>> {
  const { status } = await callApi(stack, `/api/deliveries/${id}/resend`, { body: {} })
  expect(status).toBe(202)
  return finished(id)
}

function finished(id: string): Promise<Record<string, unknown>> {
  return waitUntil('it is finished', async () => {
    const delivery = await read(id)
    return !['queued', 'delivering', 'retrying'].includes(String(delivery['status'])) && delivery
  })
}

/** A snapshot whose last attempt is due in an hour; all earlier ones failed. */
async function retryingSnapshot(to: Target): Promise<string> {
  stack.receiver.always(respond(503))
  const id = await exported(to)
  await waitUntil('it waits for its last attempt', async () => {
    const { status, next_attempt } = await read(id)
    const next = next_attempt as { number: number; of: number } | null
    return status === 'retrying' && next?.number === next?.of
  })
  stack.receiver.always(respond(200))
  return id
}

const superseded = {
  status: 'cancelled',
  last_error: { code: 'superseded', message: expect.stringContaining('newer snapshot') },
}

describe.each(crms)('in %s', (type) => {
  test('an older snapshot sent late does not overwrite a newer one that was delivered', async () => {
    const older = await failedSnapshot(type)
    await exported(type)
    const sent = stack.receiver.requests.length
    expect(await resent(older)).toMatchObject(superseded)
    expect(stack.receiver.requests).toHaveLength(sent)
  })

  test('an older snapshot whose own retry comes late does not overwrite it either', async () => {
    const older = await retryingSnapshot(type)
    await exported(type)
    const sent = stack.receiver.requests.length
    // As if the hour had passed.
    await stack.database.pool.query(
      `update deliveries set next_attempt_at = now() - interval '1 minute', sweep_at = now() where id = $1`,
      [older],
    )
    expect(await finished(older)).toMatchObject(superseded)
    expect(stack.receiver.requests).toHaveLength(sent)
  })

  test('two saved destinations do not supersede each other', async () => {
    const [one, other] = [await saved(type), await saved(type)]
    const older = await failedSnapshot(one)
    const elsewhere = await failedSnapshot(other)
    await exported(one)
    expect(await resent(older)).toMatchObject(superseded)
    expect(await resent(elsewhere)).toMatchObject({ status: 'delivered' })
  })

  test('a failed newer snapshot supersedes nothing', async () => {
    const older = await failedSnapshot(type)
    await failedSnapshot(type)
    expect(await resent(older)).toMatchObject({ status: 'delivered' })
  })

  test('a snapshot for another receiver supersedes nothing', async () => {
    const older = await failedSnapshot(type)
    await exported(type, { webhook_url: stack.receiver.url.replace('127.0.0.1', 'localhost') })
    await exported('custom')
    await exported(type === 'hubspot' ? 'salesforce' : 'hubspot')
    expect(await resent(older)).toMatchObject({ status: 'delivered' })
  })

  test('a snapshot of another visitor supersedes nothing', async () => {
    await stack.database.pool.query(
      `insert into visitors (site_id, ghost_vid, first_seen, last_seen) values (4, $1, now(), now())`,
      [`gv_other_${type}`],
    )
    const older = await failedSnapshot(type)
    await exported(type, { ghost_vid: `gv_other_${type}` })
    expect(await resent(older)).toMatchObject({ status: 'delivered' })
  })
})

test('a contact that a CRM mode updated later is not overwritten', async () => {
  const hubspot = await startHubspotFake()
  try {
    const to = await saved('hubspot', {
      webhook_url: `${hubspot.url}/crm/v3/objects/contacts`,
      credentials: { kind: 'access_token', access_token: hubspot.token },
    })
    // HubSpot does not have the properties yet.
    const older = await exported(to)
    expect(await finished(older)).toMatchObject({ status: 'failed' })
    await callApi(stack, `/api/destinations/${to.destination_id}/hubspot-properties`, { method: 'POST' })
    expect(await finished(await exported(to))).toMatchObject({ status: 'delivered' })
    const sent = hubspot.receiver.requests.length
    expect(await resent(older)).toMatchObject(superseded)
    expect(hubspot.receiver.requests).toHaveLength(sent)
  } finally {
    await hubspot.stop()
  }
})

test('a receiver other than a CRM gets every snapshot', async () => {
  const older = await failedSnapshot('custom')
  await exported('custom')
  expect(await resent(older)).toMatchObject({ status: 'delivered' })
})

test('an operation skips a superseded delivery, and its ledger has the reason', async () => {
  const older = await failedSnapshot('hubspot')
  await exported('hubspot')
  const planned = await callApi(stack, '/api/operations/plan', {
    body: { kind: 'resend', delivery_ids: [older] },
  })
  const { operation } = planned.body as unknown as { operation: { operation_id: string } }
  await callApi(stack, '/api/operations', { body: { operation_id: operation.operation_id } })
  const path = `/api/operations/${operation.operation_id}`
  await waitUntil(
    'the operation is completed',
    async () => (await callApi(stack, path)).body?.['state'] === 'completed',
  )
  expect((await callApi(stack, path)).body).toMatchObject({
    counts: { skipped: 1 },
    skipped_because: { superseded: 1 },
  })
  expect((await callApi(stack, `${path}/items`)).body).toMatchObject({
    items: [{ outcome: 'skipped', reason: 'superseded', delivery_id: older }],
  })
})
