import type { FailureGroup } from '@ghostpost/delivery/contract/failures'
import { createSessionToken, createUser } from '@ghostpost/test-kit/accounts'
import { respond } from '@ghostpost/test-kit/receiver/reactions'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { callApi, errorCodeOf, exportBody, type ApiResponse } from '@ghostpost/test-kit/processes/call-api'
import { makeDeadLetters } from './dead-letters.ts'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
})

beforeEach(async () => {
  stack.receiver.always(respond(200))
  await stack.database.pool.query(
    'truncate operations, failure_groups, deliveries, payloads, attempts cascade',
  )
})

afterAll(() => stack.stop())

async function groups(query = ''): Promise<FailureGroup[]> {
  const { body } = await callApi(stack, `/api/failures?siteId=4${query}`)
  return (body as unknown as { items: FailureGroup[] }).items
}

async function onlyGroup(): Promise<FailureGroup> {
  const found = await groups()
  expect(found).toHaveLength(1)
  return found[0] as FailureGroup
}

function changeFailure(fingerprint: string, body: object, session?: string): Promise<ApiResponse> {
  const call = { method: 'PATCH', body, ...(session && { session }) }
  return callApi(stack, `/api/failures/${fingerprint}?siteId=4`, call)
}

/** Exports the documented visitor to a receiver that refuses it. */
async function refused(): Promise<string> {
  stack.receiver.next(respond(404))
  const { body } = await callApi(stack, '/api/webhook', { body: exportBody(stack) })
  return String(body?.['delivery_id'])
}

function idsIn({ body }: ApiResponse): string[] {
  return (body as unknown as { items: { delivery_id: string }[] }).items.map((one) => one.delivery_id)
}

async function age(ids: readonly string[], interval: string): Promise<void> {
  await stack.database.pool.query(
    'update deliveries set finished_at = finished_at - $2::interval where id = any($1)',
    [ids, interval],
  )
}

describe('dead letters', () => {
  test('of one cause at one receiver are a group, with a remedy and a sample', async () => {
    const ids = [await refused(), await refused()]
    const group = await onlyGroup()
    expect(group).toMatchObject({
      webhook_type: 'custom',
      cause: 'not_found',
      receiver: new URL(stack.receiver.url).host,
      count: 2,
      recovered: 0,
      capped: false,
      state: 'open',
      reopened: false,
      message: expect.stringContaining('404'),
      remedy: expect.stringContaining('URL'),
      sample_delivery_id: ids[1],
      replays: { resent: 0, delivered: 0, failed_again: 0, moved: 0 },
    })
    const members = await callApi(stack, `/api/deliveries?failure=${group.fingerprint}`)
    expect(idsIn(members)).toEqual(ids.toReversed())
  })

  test('are counted by the age of their failure', async () => {
    const [, quarter, hour, day, week] = await makeDeadLetters(stack, 5)
    const ages = { '20 minutes': quarter, '2 hours': hour, '2 days': day, '8 days': week }
    for (const [interval, id] of Object.entries(ages)) await age([id ?? ''], interval)
    const { count, last_15_minutes, last_hour, last_day, last_week, first_seen, last_seen } =
      await onlyGroup()
    expect({ count, last_15_minutes, last_hour, last_day, last_week }).toEqual({
      count: 5,
      last_15_minutes: 1,
      last_hour: 2,
      last_day: 3,
      last_week: 4,
    })
    const spanDays = (Date.parse(last_seen) - Date.parse(first_seen)) / 86_400_000
    expect(spanDays).toBeCloseTo(8, 1)
  })

  test('of a large group hide no other group', async () => {
    await makeDeadLetters(stack, 20_001, 'timed_out')
    await makeDeadLetters(stack, 3, 'http_status_503')
    expect((await groups()).map(({ cause, count, capped }) => ({ cause, count, capped }))).toEqual([
      { cause: 'timed_out', count: 20_000, capped: true },
      { cause: 'http_status_503', count: 3, capped: false },
    ])
  })

  test('of a foreign site are absent', async () => {
    await makeDeadLetters(stack, 1)
    const { fingerprint } = await onlyGroup()
    const { id } = await createUser(stack.database, [7], 'admin')
    const session = await createSessionToken(stack.database, id)
    const path = `/api/failures/${fingerprint}`
    expect((await callApi(stack, `${path}?siteId=4`, { session })).status).toBe(404)
    expect(errorCodeOf(await callApi(stack, `${path}?siteId=7`, { session }))).toBe('failure_group_not_found')
    expect((await changeFailure(fingerprint, { state: 'resolved' }, session)).status).toBe(404)
    expect((await onlyGroup()).state).toBe('open')
  })
})

describe('the operators’ state of a failure group', () => {
  test('can be acknowledged, with a note', async () => {
    await makeDeadLetters(stack, 1)
    const { fingerprint } = await onlyGroup()
    await changeFailure(fingerprint, { state: 'acknowledged', note: 'Their CRM is down.' })
    expect(await onlyGroup()).toMatchObject({ state: 'acknowledged', note: 'Their CRM is down.' })
    await makeDeadLetters(stack, 1)
    expect(await onlyGroup()).toMatchObject({ state: 'acknowledged', count: 2 })
    await changeFailure(fingerprint, { state: 'open' })
    expect(await onlyGroup()).toMatchObject({ state: 'open', note: 'Their CRM is down.' })
    await changeFailure(fingerprint, { state: 'open', note: null })
    expect((await onlyGroup()).note).toBeNull()
  })

  test('is ignored until its end time', async () => {
    await makeDeadLetters(stack, 1)
    const { fingerprint } = await onlyGroup()
    const until = new Date(Date.now() + 3_600_000).toISOString()
    await changeFailure(fingerprint, { state: 'ignored', ignored_until: until })
    await makeDeadLetters(stack, 1)
    expect(await onlyGroup()).toMatchObject({ state: 'ignored', ignored_until: until })
    expect(await groups('&state=open')).toEqual([])
    await stack.database.pool.query(`update failure_groups set ignored_until = now() - interval '1 second'`)
    expect((await groups('&state=open')).map((group) => group.fingerprint)).toEqual([fingerprint])
  })

  test('is resolved until a new failure, which reopens it', async () => {
    await refused()
    const { fingerprint } = await onlyGroup()
    await changeFailure(fingerprint, { state: 'resolved' })
    expect(await onlyGroup()).toMatchObject({ state: 'resolved', reopened: false })
    await refused()
    expect(await onlyGroup()).toMatchObject({ fingerprint, state: 'open', reopened: true, count: 2 })
  })

  test.each([
    ['ignored without a time', { state: 'ignored' }, 'ignored_until'],
    ['resolved with a time', { state: 'resolved', ignored_until: '2030-01-01T00:00:00Z' }, 'ignored_until'],
    ['an unknown state', { state: 'gone' }, 'state'],
  ])('is refused when it is %s', async (_name, body, field) => {
    await makeDeadLetters(stack, 1)
    const { fingerprint } = await onlyGroup()
    const { status, text } = await changeFailure(fingerprint, body)
    expect([status, text]).toEqual([400, expect.stringContaining(field)])
  })

  test('is in the audit log', async () => {
    await makeDeadLetters(stack, 1)
    const { fingerprint } = await onlyGroup()
    await changeFailure(fingerprint, { state: 'acknowledged' })
    const entry = await stack.database.prisma.auditEntry.findFirstOrThrow({
      where: { action: 'failure_group.changed', objectId: fingerprint },
    })
    expect(entry).toMatchObject({ siteId: 4, userId: stack.user.id, details: { state: 'acknowledged' } })
  })
})

describe('the replays of a failure group', () => {
  async function replayed(kind: 'resend' | 're_export', filter: object): Promise<Record<string, unknown>> {
    const plan = await callApi(stack, '/api/operations/plan', {
      body: { kind, filter, rate: 1_000, canary: false },
    })
    const { operation } = plan.body as unknown as { operation: { operation_id: string } }
    await callApi(stack, '/api/operations', { body: { operation_id: operation.operation_id } })
    return waitUntil('the operation is completed', async () => {
      const { body } = await callApi(stack, `/api/operations/${operation.operation_id}`)
      return body?.['state'] === 'completed' && body
    })
  }

  test('are counted as delivered, failed again and failed for another cause', async () => {
    for (let n = 0; n < 4; n += 1) await refused()
    const before = await onlyGroup()
    stack.receiver.next(respond(404), respond(400))
    const { failed_into } = await replayed('resend', { failure: before.fingerprint })
    const after = await groups()
    const again = after.find(({ fingerprint }) => fingerprint === before.fingerprint)
    const other = after.find(({ fingerprint }) => fingerprint !== before.fingerprint)
    expect(again).toMatchObject({
      count: 1,
      recovered: 2,
      replays: { resent: 4, delivered: 2, failed_again: 1, moved: 1 },
    })
    expect(other).toMatchObject({ cause: 'bad_request', count: 1, replays: { resent: 0 } })
    expect(new Set(failed_into as object[])).toEqual(
      new Set([
        { failure: again?.fingerprint, count: 1 },
        { failure: other?.fingerprint, count: 1 },
      ]),
    )
  })

  test('include operations with other filters and re-exports', async () => {
    for (let n = 0; n < 3; n += 1) await refused()
    const { fingerprint } = await onlyGroup()
    await replayed('re_export', { status: 'failed' })
    expect((await callApi(stack, `/api/failures/${fingerprint}?siteId=4`)).body).toMatchObject({
      count: 0,
      recovered: 3,
      last_hour: 0,
      replays: { resent: 3, delivered: 3, failed_again: 0, moved: 0 },
    })
  })

  test('take what was delivered out of the group, the list, the counts and the next plan', async () => {
    const ids = [await refused(), await refused(), await refused()]
    const { fingerprint } = await onlyGroup()
    stack.receiver.next(respond(404))
    await replayed('re_export', { failure: fingerprint })
    const isRecovered = await stack.database.pool.query<{ id: string; recovered_by: string }>(
      'select id, recovered_by from deliveries where recovered_by is not null order by id',
    )
    expect(isRecovered.rows).toHaveLength(2)
    const open = ids.find((id) => isRecovered.rows.every((row) => row.id !== id))
    // What stays: the one whose copy failed too, and that copy.
    expect(await onlyGroup()).toMatchObject({ count: 2, recovered: 2 })
    const counted = async (query: string): Promise<unknown> =>
      (await callApi(stack, `/api/deliveries/count?${query}`)).body?.['count']
    expect(await counted(`failure=${fingerprint}`)).toBe(2)
    expect(await counted('status=failed')).toBe(2)
    expect(await counted('status=failed,cancelled')).toBe(2)
    expect(await counted('recovered=yes')).toBe(2)
    expect(await counted('status=failed&recovered=any')).toBe(4)
    const plan = { kind: 're_export', filter: { failure: fingerprint } }
    const planned = await callApi(stack, '/api/operations/plan', { body: plan })
    expect(planned.body).toMatchObject({ matched: 4, will_skip: [{ reason: 'recovered', count: 2 }] })
    const asked = await callApi(stack, '/api/operations/plan', { body: { ...plan, include_recovered: true } })
    expect(asked.body).toMatchObject({ matched: 4, will_skip: [], operation: { include_recovered: true } })
    await replayed('re_export', { failure: fingerprint })
    expect(await groups()).toEqual([])
    const old = (await callApi(stack, `/api/deliveries/${open ?? ''}`)).body as unknown as {
      recovered_by: string
      copies: { delivery_id: string; status: string }[]
    }
    // Its copy failed; the copy of that copy, or its own second copy, was delivered.
    expect(old.recovered_by).not.toBeNull()
    expect(old.copies.map(({ status }) => status)).toContain('failed')
  })

  test('count a recovered delivery as a failure again when it is resent and fails', async () => {
    const id = await refused()
    const { body } = await callApi(stack, `/api/deliveries/${id}/re-export`, { method: 'POST' })
    const copy = String(body?.['delivery_id'])
    await waitUntil('the dead letter is recovered', async () => {
      const read = await callApi(stack, `/api/deliveries/${id}`)
      return read.body?.['recovered_by'] === copy
    })
    expect(await groups()).toEqual([])
    stack.receiver.next(respond(404))
    await callApi(stack, `/api/deliveries/${id}/resend`, { method: 'POST', body: {} })
    await waitUntil('it has failed again', async () => (await groups())[0]?.count === 1)
  })

  test('reopen a resolved group when they fail', async () => {
    await refused()
    const { fingerprint } = await onlyGroup()
    await changeFailure(fingerprint, { state: 'resolved' })
    stack.receiver.next(respond(404))
    await replayed('resend', { failure: fingerprint })
    expect(await onlyGroup()).toMatchObject({ state: 'open', reopened: true, replays: { failed_again: 1 } })
  })
})
