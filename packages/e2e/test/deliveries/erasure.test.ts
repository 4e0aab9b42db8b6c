import { randomUUID } from 'node:crypto'
import { createSessionToken, createUser } from '@ghostpost/test-kit/accounts'
import { respond, slow } from '@ghostpost/test-kit/receiver/reactions'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callApi, exportBody, type ApiResponse } from '@ghostpost/test-kit/processes/call-api'
import { readQueueContents } from '../stores/queue-contents.ts'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

let stack: Stack
let admin: string
let made = 0

beforeAll(async () => {
  stack = await startStack({
    GHOSTPOST_RETRY_SCHEDULE: '0s 300ms 1h',
    GHOSTPOST_ANSWER_TIMEOUT_MS: '6000',
    GHOSTPOST_ATTEMPT_TIMEOUT_MS: '7000',
    GHOSTPOST_CLAIM_MS: '9000',
  })
  const { id } = await createUser(stack.database, [4], 'admin')
  admin = await createSessionToken(stack.database, id)
})

afterAll(() => stack.stop())

interface Person {
  vid: string
  /** A text in every field of the visitor's data. */
  mark: string
}

/** A visitor whose data can be found in every table. */
async function newVisitor(): Promise<Person> {
  made += 1
  const mark = `mark${made}zq`
  const vid = `gv_${mark}`
  await stack.database.pool.query(
    `with v as (insert into visitors (site_id, ghost_vid, identified_user_id, city, first_seen, last_seen)
       values (4, $1, $2, $3, now(), now()) returning id),
     s as (insert into visitor_sessions (visitor_id, session_id, started_at, entry_page)
       select id, $3, now(), $3 from v)
     insert into events (visitor_id, type, page, occurred_at) select id, 'pageview', $3, now() from v`,
    [vid, `${mark}@example.com`, mark],
  )
  return { vid, mark }
}

const exportOf = ({ vid }: Person, headers: Record<string, string> = {}): Promise<ApiResponse> =>
  callApi(stack, '/api/webhook', { body: exportBody(stack, { ghost_vid: vid }), headers })

const erase = ({ vid }: Person): Promise<ApiResponse> =>
  callApi(stack, `/api/visitors/${vid}/erase?siteId=4`, { method: 'POST', session: admin })

/** The names of the tables that contain a text. */
async function tablesWith(text: string): Promise<string[]> {
  const { rows } = await stack.database.pool.query<{ t: string }>(
    `select table_name as t from information_schema.tables
     where table_schema = 'public' and table_type = 'BASE TABLE'`,
  )
  const found: string[] = []
  for (const { t } of rows) {
    const sql = `select from "${t}" as one where one::text like '%' || $1 || '%' limit 1`
    if ((await stack.database.pool.query(sql, [text])).rowCount) found.push(t)
  }
  return found
}

test('no store has data of an erased visitor, and the counts stay', async () => {
  const person = await newVisitor()
  const { mark } = person
  stack.receiver.always(
    respond(200, { headers: { 'x-lead': mark }, body: JSON.stringify({ thanks_for: mark }) }),
  )
  const delivered = await exportOf(person, { 'idempotency-key': `key-${made}` })
  stack.receiver.always(respond(400, { body: `no ${mark}` }))
  const failed = await exportOf(person)
  stack.receiver.always(respond(503, { body: `later ${mark}` }))
  const waiting = await exportOf(person)
  await waitUntil('it waits for an hour', async () => {
    const { body } = await callApi(stack, `/api/deliveries/${String(waiting.body?.['delivery_id'])}`)
    return body?.['status'] === 'retrying' && (body['attempts'] as unknown[]).length === 2
  })
  expect(await tablesWith(mark)).toContain('payloads')

  const erased = await erase(person)
  expect(erased.status).toBe(200)
  expect(erased.body).toEqual({
    profile: true,
    deliveries: 3,
    cancelled: 1,
    in_flight: 0,
    payloads: 3,
    attempts: 4,
    idempotency_keys: 1,
  })
  expect(await tablesWith(mark)).toEqual([])
  const views = await Promise.all(
    [delivered, failed, waiting].map(({ body }) =>
      callApi(stack, `/api/deliveries/${String(body?.['delivery_id'])}`),
    ),
  )
  expect(views.map(({ body }) => body?.['status'])).toEqual(['delivered', 'failed', 'cancelled'])
  expect(views.map(({ body }) => body?.['ghost_vid'])).toEqual(['gv_erased', 'gv_erased', 'gv_erased'])
  expect(views[0]?.body?.['attempts']).toMatchObject([{ response_status: 200, response_body: null }])
  expect(stack.apiProcess.output()).not.toContain(person.vid)
  expect(await readQueueContents(stack.queue)).not.toContain(mark)
  for (const path of ['/api/failures', '/api/deliveries', '/api/audit', '/api/operations'])
    expect((await callApi(stack, `${path}?siteId=4`, { session: admin })).text).not.toContain(mark)
})

test('a second erasure and an export find no visitor', async () => {
  const person = await newVisitor()
  expect((await erase(person)).body).toMatchObject({ profile: true })
  expect((await erase(person)).body).toMatchObject({ profile: false, deliveries: 0 })
  expect((await exportOf(person)).body).toMatchObject({ error: { code: 'visitor_not_found' } })
})

test('an attempt in flight during the erasure stores nothing', async () => {
  const person = await newVisitor()
  stack.receiver.requests.length = 0
  stack.receiver.always(slow(3_000, respond(503, { body: `later ${person.mark}` })))
  const sent = await exportOf(person, { prefer: 'respond-async' })
  await stack.receiver.waitForRequests(1)
  expect((await erase(person)).body).toMatchObject({ deliveries: 1, in_flight: 1, cancelled: 0 })
  const view = await waitUntil('the attempt has ended', async () => {
    const { body } = await callApi(stack, `/api/deliveries/${String(sent.body?.['delivery_id'])}`)
    return body?.['status'] === 'failed' && body
  })
  expect(view).toMatchObject({ last_error: { code: 'visitor_gone' } })
  expect(await tablesWith(person.mark)).toEqual([])
  expect(stack.receiver.requests).toHaveLength(1)
})

test('an operation loses its members’ identity and keeps their counts', async () => {
  const person = await newVisitor()
  stack.receiver.always(respond(503))
  const waiting = await exportOf(person, { prefer: 'respond-async' })
  const id = String(waiting.body?.['delivery_id'])
  await waitUntil('it waits', async () => {
    const { body } = await callApi(stack, `/api/deliveries/${id}`)
    return body?.['status'] === 'retrying' && (body['attempts'] as unknown[]).length === 2
  })
  await stack.database.pool.query(
    `with o as (
       insert into operations (id, site_id, kind, selection,
         selection_key, rate, canary, matched, watermark, created_by)
       values ($1, 4, 'export', jsonb_build_object('ghost_vids', jsonb_build_array($2::text, $2 || '2')),
         'k', 1, 'none', 1, now(), $3)
       returning id
     ) insert into operation_items (operation_id, number, delivery_id, ghost_vid) select id, 1, $4, $2 from o`,
    [randomUUID(), person.vid, stack.user.id, id],
  )
  expect((await erase(person)).body).toMatchObject({ cancelled: 1 })
  const item = await stack.database.prisma.operationItem.findFirstOrThrow({
    where: { deliveryId: id },
    include: { operation: true },
  })
  expect(item).toMatchObject({ ghostVid: 'gv_erased', outcome: 'cancelled' })
  expect(item.operation.selection).toEqual({ ghost_vids: ['gv_erased', `${person.vid}2`] })
})

test('notes and search terms lose this visitor and keep others', async () => {
  const person = await newVisitor()
  const mail = `${person.mark}@example.com`
  const { pool } = stack.database
  const id = randomUUID()
  await pool.query(
    `with o as (
       insert into operations (id, site_id, kind, selection,
         selection_key, rate, canary, matched, watermark, created_by, reason, state_reason)
       values ($1::text::uuid, 4, 'resend',
         jsonb_build_object('filter', jsonb_build_object('identified_user', $2::text)),
         $1, 1, 'off', 0, now(), $3, 'asked for by ' || $2 || '.', 'paused for ' || $4::text)
       returning id
     ), g as (
       insert into failure_groups (site_id, fingerprint, state, changed_by, note)
       values (4, $1, 'open', $3, 'see ' || $4)
     )
     insert into audit_log (site_id, action, object_type, request_id, ip, details)
     select 4, 'operation.paused', 'operation', 'r', '::1',
       jsonb_build_object('reason', $4 || ', not ' || $5::text)
     from o`,
    [id, mail, stack.user.id, person.vid, 'gv_other'],
  )
  const tables = ['operations', 'failure_groups', 'audit_log']
  expect(await tablesWith(person.mark)).toEqual(expect.arrayContaining(tables))
  await erase({ vid: `${person.vid}2`, mark: '' })
  await erase({ vid: person.vid.slice(0, -1), mark: '' })
  expect(await tablesWith(person.vid)).toEqual(expect.arrayContaining(tables))
  await erase(person)
  expect(await tablesWith(person.mark)).toEqual([])
  expect(await stack.database.prisma.operation.findUnique({ where: { id } })).toMatchObject({
    reason: 'asked for by gv_erased.',
    selection: { filter: { identified_user: 'gv_erased' } },
  })
  expect(await tablesWith('gv_erased, not gv_other')).toEqual(['audit_log'])
})

test('no CRM request of the visitor is stored', async () => {
  const person = await newVisitor()
  stack.receiver.always(respond(200))
  const created = await callApi(stack, '/api/destinations', {
    body: {
      name: 'a CRM',
      webhook_type: 'hubspot',
      webhook_url: `${stack.receiver.url}crm/v3/objects/contacts`,
      credentials: { kind: 'access_token', access_token: 'a-token' },
    },
  })
  const { destination } = created.body as { destination: { id: string } }
  await callApi(stack, '/api/webhook', { body: { ghost_vid: person.vid, destination_id: destination.id } })
  expect(await tablesWith(person.mark)).toContain('attempts')
  await erase(person)
  expect(await tablesWith(person.mark)).toEqual([])
})

test('the filter of an operation loses the visitor when the operation has ended', async () => {
  const person = await newVisitor()
  await exportOf(person)
  const asked = [{ identified_user: `${person.mark}@example.com` }, { text: person.mark.slice(0, -1) }]
  for (const filter of asked)
    await callApi(stack, '/api/operations/plan', { body: { kind: 'resend', filter } })
  expect(await tablesWith(person.mark.slice(0, -1))).toContain('operations')
  await erase(person)
  expect(await tablesWith(person.mark.slice(0, -1))).toEqual([])
})

test('other visitors keep their data', async () => {
  const [erased, other] = [await newVisitor(), await newVisitor()]
  stack.receiver.always(respond(200, { body: 'fine' }))
  await exportOf(erased)
  await exportOf(other)
  await erase(erased)
  expect(await tablesWith(other.mark)).toEqual(
    expect.arrayContaining(['visitors', 'visitor_sessions', 'events', 'deliveries', 'payloads']),
  )
})

test('the audit log has the user and a digest of the visitor', async () => {
  const person = await newVisitor()
  await erase(person)
  const { body } = await callApi(stack, '/api/audit?siteId=4&limit=1', { session: admin })
  expect(body?.['items']).toMatchObject([
    { action: 'visitor.erased', object_type: 'visitor', object_id: expect.stringMatching(/^[0-9a-f]{64}$/) },
  ])
  expect(JSON.stringify(body)).not.toContain(person.vid)
})
