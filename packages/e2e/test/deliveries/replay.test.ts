import { respond } from '@ghostpost/test-kit/receiver/reactions'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { callApi, errorCodeOf, exportBody, type ApiResponse } from '@ghostpost/test-kit/processes/call-api'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
})

beforeEach(() => {
  stack.receiver.always(respond(200))
  stack.receiver.requests.length = 0
})

afterAll(() => stack.stop())

/** Exports the documented visitor and waits until the delivery has settled. */
async function exported(reaction = respond(200)): Promise<string> {
  stack.receiver.always(reaction)
  const { body } = await callApi(stack, '/api/webhook', { body: exportBody(stack) })
  stack.receiver.always(respond(200))
  return String(body?.['delivery_id'])
}

interface Delivery {
  status: string
  attempts: { number: number; decision: string }[]
  [field: string]: unknown
}

async function read(id: string): Promise<Delivery> {
  return (await callApi(stack, `/api/deliveries/${id}`)).body as unknown as Delivery
}

async function until(id: string, status: string): Promise<Delivery> {
  await waitUntil(`${id} is ${status}`, async () => (await read(id)).status === status)
  return read(id)
}

function sendAction(id: string, what: string, body: object = {}): Promise<ApiResponse> {
  const hasBody = what === 'resend' || what === 'edit'
  return callApi(stack, `/api/deliveries/${id}/${what}`, { method: 'POST', ...(hasBody && { body }) })
}

function destinationIn({ body }: ApiResponse): { id: string } {
  return (body as unknown as { destination: { id: string } }).destination
}

/** A delivery that waits for an hour after its third attempt. */
async function waiting(): Promise<string> {
  stack.receiver.always(respond(503))
  const { body } = await callApi(stack, '/api/webhook', {
    body: exportBody(stack),
    headers: { prefer: 'respond-async' },
  })
  const id = String(body?.['delivery_id'])
  await waitUntil('it has had three attempts', async () => (await read(id)).attempts.length === 3)
  stack.receiver.always(respond(200))
  return id
}

describe('resending', () => {
  test('sends the same bytes under the same id, as a new series of attempts', async () => {
    const id = await exported(respond(400))
    const { status, body, headers } = await sendAction(id, 'resend')
    expect([status, body]).toEqual([202, { delivery_id: id, status: 'queued', made_from: null }])
    expect(headers.get('location')).toBe(`/api/deliveries/${id}`)
    const delivery = await until(id, 'delivered')
    expect(delivery.attempts).toMatchObject([{ decision: 'give_up' }, { number: 2, decision: 'delivered' }])
    const [first, second] = stack.receiver.requests
    expect(second?.body).toBe(first?.body)
    expect(second?.headers['webhook-id']).toBe(id)
  })

  test('gives the whole retry schedule again', async () => {
    const id = await exported(respond(400))
    stack.receiver.always(respond(503))
    await sendAction(id, 'resend')
    await waitUntil('it has had three more attempts', async () => (await read(id)).attempts.length === 4)
    expect((await read(id)).status).toBe('retrying')
    stack.receiver.always(respond(200))
  })

  test('of a delivered delivery needs a confirmation', async () => {
    const id = await exported()
    const refused = await sendAction(id, 'resend')
    expect([refused.status, errorCodeOf(refused)]).toEqual([409, 'confirmation_needed'])
    expect(stack.receiver.requests).toHaveLength(1)
    await sendAction(id, 'resend', { confirm_duplicate: true })
    await waitUntil('the receiver has got it twice', () => stack.receiver.requests.length === 2)
    await until(id, 'delivered')
  })

  test('of an unfinished delivery is refused', async () => {
    const id = await waiting()
    expect(errorCodeOf(await sendAction(id, 'resend'))).toBe('delivery_unfinished')
  })

  test('twice concurrently happens once', async () => {
    const id = await exported(respond(400))
    const responses = await Promise.all([1, 2, 3, 4].map(() => sendAction(id, 'resend')))
    expect(responses.filter(({ status }) => status === 202)).toHaveLength(1)
    await until(id, 'delivered')
    expect(stack.receiver.requests).toHaveLength(2)
  })

  test('of pruned bytes is refused with the reason', async () => {
    const id = await exported(respond(400))
    await stack.database.prisma.payload.delete({ where: { deliveryId: id } })
    const refused = await sendAction(id, 'resend')
    expect([errorCodeOf(refused), (await read(id)).status]).toEqual(['payload_gone', 'failed'])
  })

  test('to a disabled or deleted destination is refused with the reason', async () => {
    const name = 'to be disabled'
    const created = await callApi(stack, '/api/destinations', {
      body: { name, webhook_type: 'custom', webhook_url: stack.receiver.url },
    })
    const { id: destination } = destinationIn(created)
    stack.receiver.always(respond(400))
    const { body } = await callApi(stack, '/api/webhook', {
      body: { ghost_vid: 'gv_a1b2c3d4_e5f6g7h8', destination_id: destination },
    })
    const id = String(body?.['delivery_id'])
    await stack.database.prisma.destination.update({
      where: { id: destination },
      data: { state: 'disabled' },
    })
    expect([
      errorCodeOf(await sendAction(id, 'resend')),
      errorCodeOf(await sendAction(id, 're-export')),
    ]).toEqual(['destination_disabled', 'destination_disabled'])
    await callApi(stack, `/api/destinations/${destination}`, { method: 'DELETE' })
    expect(errorCodeOf(await sendAction(id, 'resend'))).toBe('destination_not_found')
  })
})

describe('re-exporting', () => {
  test('makes a new delivery with fresh data and leaves the old one as it is', async () => {
    const id = await exported()
    await stack.database.pool.query(
      `update visitors set country = 'Iceland' where ghost_vid = 'gv_a1b2c3d4_e5f6g7h8' and site_id = 4`,
    )
    const { status, body } = await sendAction(id, 're-export')
    const fresh = String(body?.['delivery_id'])
    expect([status, body?.['made_from']]).toEqual([202, id])
    expect(fresh).not.toBe(id)
    await until(fresh, 'delivered')
    const [first, second] = stack.receiver.requests
    expect(second?.headers['webhook-id']).toBe(fresh)
    expect([first?.body.includes('Iceland'), second?.body.includes('Iceland')]).toEqual([false, true])
    expect((await read(id)).attempts).toHaveLength(1)
  })

  test('of an erased visitor is refused with the reason', async () => {
    await stack.database.pool.query(
      `insert into visitors (site_id, ghost_vid, first_seen, last_seen) values (4, 'gv_gone', now(), now())`,
    )
    const { body } = await callApi(stack, '/api/webhook', {
      body: exportBody(stack, { ghost_vid: 'gv_gone' }),
    })
    const id = String(body?.['delivery_id'])
    await stack.database.pool.query(`delete from visitors where ghost_vid = 'gv_gone'`)
    expect(errorCodeOf(await sendAction(id, 're-export'))).toBe('visitor_gone')
  })
})

describe('editing', () => {
  test('sends the given payload as a new delivery', async () => {
    const id = await exported(respond(400))
    const { body } = await sendAction(id, 'edit', { payload: { corrected: true } })
    const edited = String(body?.['delivery_id'])
    await until(edited, 'delivered')
    expect(stack.receiver.requests.map((request) => request.body)[1]).toBe('{"corrected":true}')
    expect((await read(id)).status).toBe('failed')
  })
})

describe('cancelling', () => {
  test('stops a waiting delivery at once', async () => {
    const id = await waiting()
    const { status, body } = await sendAction(id, 'cancel')
    expect([status, body]).toEqual([200, { delivery_id: id, status: 'cancelled', made_from: null }])
    expect(await read(id)).toMatchObject({ status: 'cancelled', next_attempt_at: null })
    expect(errorCodeOf(await sendAction(id, 'cancel'))).toBe('delivery_finished')
  })

  test('can be undone by a resend', async () => {
    const id = await waiting()
    await sendAction(id, 'cancel')
    await sendAction(id, 'resend')
    expect((await until(id, 'delivered')).attempts).toHaveLength(4)
  })
})

test('the audit log names the user', async () => {
  const id = await exported(respond(400))
  await sendAction(id, 'resend')
  await until(id, 'delivered')
  const fresh = String((await sendAction(id, 're-export')).body?.['delivery_id'])
  const edited = String((await sendAction(id, 'edit', { payload: {} })).body?.['delivery_id'])
  const written = await stack.database.prisma.auditEntry.findMany({
    where: { objectId: { in: [id, fresh, edited] }, userId: stack.user.id },
    orderBy: { id: 'asc' },
  })
  expect(written.map(({ action, objectId }) => [action, objectId]).slice(-3)).toEqual([
    ['delivery.resent', id],
    ['delivery.re_exported', fresh],
    ['delivery.edited', edited],
  ])
})
