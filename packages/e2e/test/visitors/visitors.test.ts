import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApiKey, createSessionToken, createUser } from '@ghostpost/test-kit/accounts'
import { callApi, errorCodeOf, exportBody, type ApiResponse } from '@ghostpost/test-kit/processes/call-api'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runGhostpost, type CommandResult } from '../command-line/run-ghostpost.ts'

let stack: Stack
let admin: string
let key: string
let made = 0

beforeAll(async () => {
  stack = await startStack()
  const { id } = await createUser(stack.database, [4], 'admin')
  admin = await createSessionToken(stack.database, id)
  key = await createApiKey(stack.database, id, { role: 'operator' })
})

afterAll(() => stack.stop())

const newVid = (): string => `gv_api_${(made += 1)}`
const lastSeen = '2026-03-10T17:14:22.000Z'

const put = (vid: string, body: object, query = ''): Promise<ApiResponse> =>
  callApi(stack, `/api/visitors/${encodeURIComponent(vid)}${query}`, { method: 'PUT', body, key })
const read = (vid: string): Promise<ApiResponse> => callApi(stack, `/api/visitors/${vid}`, { key })

interface BatchResult {
  row: number
  ghost_vid: string | null
  result: string
  error?: { code: string; details: { field: string }[] }
}

async function sendBatch(rawBody: string, type = 'application/x-ndjson', query = ''): Promise<ApiResponse> {
  const headers = { 'content-type': type }
  return callApi(stack, `/api/visitors/batch${query}`, { rawBody, headers, key })
}

const resultsOf = ({ body }: ApiResponse): BatchResult[] => (body?.['results'] ?? []) as BatchResult[]
const ndjson = (...rows: object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('')

const whole = {
  last_seen: lastSeen,
  first_seen: '2026-03-02T10:12:11+01:00',
  score: 65,
  identified_user_id: 'ada@example.com',
  name: 'Ada',
  company: 'Analytical Engines',
  country: 'United Kingdom',
  city: 'London',
  device_type: 'desktop',
  browser: 'Firefox',
  total_sessions: 3,
  total_pageviews: 11,
  total_time_seconds: 421,
  traits: { plan: 'pro', seats: 7, nested: { ok: [true, null] } },
  sessions: [
    {
      session_id: 's1',
      started_at: '2026-03-10T17:09:10Z',
      ended_at: lastSeen,
      pageview_count: 5,
      entry_page: '/',
    },
  ],
  events: [{ event_id: 'e1', type: 'pageview', page: '/pricing', occurred_at: lastSeen }],
}

test('a visitor that is put is exported, and read with what was exported where', async () => {
  const vid = newVid()
  expect((await put(vid, whole)).body).toEqual({ ghost_vid: vid, result: 'created' })
  expect((await put(vid, whole)).body).toEqual({ ghost_vid: vid, result: 'unchanged' })
  const exported = await callApi(stack, '/api/webhook', { body: exportBody(stack, { ghost_vid: vid }), key })
  expect(exported.status).toBe(200)
  const payload = JSON.parse(stack.receiver.requests.at(-1)?.body ?? '{}') as object
  expect(payload).toMatchObject({ ghost_vid: vid, recent_events: [{ page: '/pricing' }] })
  const { body } = await read(vid)
  expect(body).toMatchObject({
    ...whole,
    first_seen: '2026-03-02T09:12:11.000Z',
    sessions: [{ session_id: 's1', ended_at: lastSeen, exit_page: null }],
    events: [{ event_id: 'e1', occurred_at: lastSeen }],
    exports: [
      {
        webhook_type: 'custom',
        receiver_host: new URL(stack.receiver.url).host,
        destination_id: null,
        deliveries: 1,
        delivered: 1,
        last_delivery_id: exported.body?.['delivery_id'],
        last_status: 'delivered',
      },
    ],
  })
})

test('an older profile changes nothing, whenever it arrives', async () => {
  const vid = newVid()
  await put(vid, { last_seen: lastSeen, score: 80 })
  expect((await put(vid, { last_seen: '2026-03-09T00:00:00Z', score: 1 })).body).toMatchObject({
    result: 'updated',
  })
  expect((await read(vid)).body).toMatchObject({ score: 80, first_seen: '2026-03-09T00:00:00.000Z' })
})

const inAnHour = (): string => new Date(Date.now() + 3_600_000).toISOString()

/** What no way in accepts. The path has the id of the visitor, a row has it in itself. */
const badVisitors: [string, () => Record<string, unknown>, field: string][] = [
  ['no last_seen', () => ({ last_seen: undefined }), 'last_seen'],
  ['a score of -7', () => ({ score: -7 }), 'score'],
  ['a score of 1000', () => ({ score: 1000 }), 'score'],
  ['a score that is text', () => ({ score: '65' }), 'score'],
  ['a score with a fraction', () => ({ score: 65.5 }), 'score'],
  ['a time in the future', () => ({ last_seen: inAnHour() }), 'last_seen'],
  ['a time in the year 1', () => ({ first_seen: '0001-01-01T00:00:00Z' }), 'first_seen'],
  ['a leap second', () => ({ last_seen: '2016-12-31T23:59:60Z' }), 'last_seen'],
  ['30 February', () => ({ last_seen: '2026-02-30T00:00:00Z' }), 'last_seen'],
  ['a time without a zone', () => ({ last_seen: '2026-03-01T00:00:00' }), 'last_seen'],
  ['a first time after the last', () => ({ first_seen: '2026-03-11T00:00:00Z' }), 'first_seen'],
  ['a name of 257 characters', () => ({ name: 'n'.repeat(257) }), 'name'],
  ['an empty id of the person', () => ({ identified_user_id: '' }), 'identified_user_id'],
  ['a field that does not exist', () => ({ email: 'ada@example.com' }), 'email'],
  ['traits that are no object', () => ({ traits: ['a'] }), 'traits'],
  ['traits of more than 8 KiB', () => ({ traits: { a: 'é'.repeat(4_100) } }), 'traits'],
  ['the character U+0000', () => ({ traits: { a: 'a\0b' } }), 'a'],
  ['101 sessions', () => ({ sessions: Array.from({ length: 101 }, (_, n) => session(`s${n}`)) }), 'sessions'],
  ['a session twice', () => ({ sessions: [session('s'), session('s')] }), 'sessions'],
  ['an event twice', () => ({ events: [event({}), event({})] }), 'events'],
  ['an event without an id', () => ({ events: [event({ event_id: undefined })] }), 'events.0.event_id'],
  ['an event of 60 KiB', () => ({ events: [event({ page: 'p'.repeat(60_000) })] }), 'events.0.page'],
  [
    'an event in the future',
    () => ({ events: [event({ occurred_at: inAnHour() })] }),
    'events.0.occurred_at',
  ],
]
const session = (id: string): object => ({ session_id: id, started_at: '2026-03-10T17:00:00Z' })
const event = (change: object): object => ({
  event_id: 'e',
  type: 'pageview',
  occurred_at: lastSeen,
  ...change,
})

describe('is refused by PUT and by a batch alike:', () => {
  test.each(badVisitors)('%s', async (_, change, field) => {
    const vid = newVid()
    const body = { last_seen: lastSeen, ...change() }
    const refused = await put(vid, body)
    expect([refused.status, errorCodeOf(refused)]).toEqual([400, 'validation_failed'])
    const details = ((refused.body ?? {})['error'] as { details: { field: string }[] }).details
    expect(details.map((one) => one.field)).toContain(field)
    const [result] = resultsOf(await sendBatch(ndjson({ ghost_vid: vid, ...body })))
    expect(result).toMatchObject({ row: 1, result: 'refused', error: { code: 'validation_failed' } })
    expect(result?.error?.details.map((one) => one.field)).toContain(field)
    expect((await read(vid)).status).toBe(404)
  })

  test.each(['gv_a b', 'user@example.com', `gv_${'a'.repeat(129)}`, 'gv_', 'gv_ü', 'gv_a\n'])(
    'the id %j',
    async (vid) => {
      expect((await put(vid, { last_seen: lastSeen })).status).toBe(400)
      const row = { ghost_vid: vid, last_seen: lastSeen }
      expect(resultsOf(await sendBatch(ndjson(row)))).toMatchObject([{ result: 'refused' }])
    },
  )

  test('a visitor of a site where the key has no role', async () => {
    expect(errorCodeOf(await put(newVid(), { last_seen: lastSeen }, '?siteId=7'))).toBe('site_not_found')
    expect(errorCodeOf(await sendBatch('', 'application/x-ndjson', '?siteId=7'))).toBe('site_not_found')
  })
})

describe('a batch', () => {
  test('has a result per row, in order, and a refused row does not stop the others', async () => {
    const [one, other] = [newVid(), newVid()]
    const rows = [
      { ghost_vid: one, last_seen: lastSeen, score: 1 },
      { ghost_vid: one, last_seen: lastSeen, score: 101 },
      { ghost_vid: other, last_seen: lastSeen },
      { ghost_vid: one, last_seen: '2026-03-11T00:00:00Z', score: 2 },
    ]
    const response = await sendBatch(JSON.stringify(rows), 'application/json')
    expect(response.status).toBe(200)
    expect(response.body).toMatchObject({ rows: 4, created: 3, refused: 1 })
    expect(resultsOf(response).map(({ row, ghost_vid, result }) => [row, ghost_vid, result])).toEqual([
      [1, one, 'created'],
      [2, one, 'refused'],
      [3, other, 'created'],
      [4, one, 'created'],
    ])
    expect((await read(one)).body).toMatchObject({ score: 2 })
    expect((await sendBatch(JSON.stringify(rows), 'application/json')).body).toMatchObject({ unchanged: 3 })
  })

  test('of 10,000 rows is stored, and the row after them is refused', async () => {
    const rows = Array.from({ length: 10_002 }, (_, n) => ({
      ghost_vid: `gv_bulk_${n}`,
      last_seen: lastSeen,
    }))
    const response = await sendBatch(ndjson(...rows))
    expect(response.body).toMatchObject({ rows: 10_001, created: 10_000, refused: 1 })
    expect(resultsOf(response).at(-1)).toMatchObject({ row: 10_001, result: 'refused' })
  })

  test('with dry_run checks the rows and stores nothing', async () => {
    const vid = newVid()
    const rows = ndjson({ ghost_vid: vid, last_seen: lastSeen }, { ghost_vid: vid })
    const response = await sendBatch(rows, 'application/x-ndjson', '?dry_run=true')
    expect(resultsOf(response).map(({ result }) => result)).toEqual(['valid', 'refused'])
    expect((await read(vid)).status).toBe(404)
  })

  test.each([
    ['lines that are no JSON', 'application/x-ndjson', 'not json\n[1]\n{"ghost_vid":', 3],
    ['an array that ends in the middle', 'application/json', '[{"ghost_vid":', 1],
    ['no array', 'application/json', '{"visitors": []}', 1],
    ['Latin-1', 'application/x-ndjson', '\ufffd', 1],
  ])('of %s has refused rows', async (_, type, body, refused) => {
    expect((await sendBatch(body, type)).body).toMatchObject({ rows: refused, refused })
  })

  test('of another media type is refused', async () => {
    expect((await sendBatch('a,b', 'text/csv')).status).toBe(415)
  })

  test('that is cut off leaves its first rows stored, and can be sent again', async () => {
    const vids = Array.from({ length: 1_200 }, newVid)
    const rows = vids.map((ghost_vid) => ({ ghost_vid, last_seen: lastSeen }))
    const sending = httpRequest(new URL('/api/visitors/batch', stack.api), {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson' },
    })
    sending.on('error', () => {})
    sending.write(ndjson(...rows))
    await waitUntil('the first rows are stored', async () => (await read(vids[0] ?? '')).status === 200)
    sending.destroy()
    const again = await sendBatch(ndjson(...rows))
    const { created, unchanged } = again.body as { created: number; unchanged: number }
    expect([created + unchanged, unchanged >= 500]).toEqual([1_200, true])
  })
})

describe('an erased visitor', () => {
  test('comes back by no way in, is exported by none, and may come back when an admin has said so', async () => {
    const vid = newVid()
    await put(vid, whole)
    const erase = { method: 'POST', session: admin }
    expect((await callApi(stack, `/api/visitors/${vid}/erase`, erase)).status).toBe(200)
    expect(errorCodeOf(await put(vid, whole))).toBe('visitor_suppressed')
    expect(resultsOf(await sendBatch(ndjson({ ...whole, ghost_vid: vid })))).toMatchObject([
      { result: 'suppressed' },
    ])
    await stack.database.pool.query(
      'insert into visitors (site_id, ghost_vid, first_seen, last_seen) values (4, $1, now(), now())',
      [vid],
    )
    expect((await read(vid)).status).toBe(404)
    const exported = await callApi(stack, '/api/webhook', {
      body: exportBody(stack, { ghost_vid: vid }),
      key,
    })
    expect(errorCodeOf(exported)).toBe('visitor_not_found')
    const plan = await callApi(stack, '/api/operations/plan', {
      body: {
        kind: 'export',
        visitors: { ghost_vids: [vid] },
        destination: { webhook_url: stack.receiver.url },
      },
      key,
    })
    expect(plan.text).not.toContain('"matched":1')

    const lift = (session: string): Promise<ApiResponse> =>
      callApi(stack, `/api/visitors/${vid}/suppression`, { method: 'DELETE', session })
    expect((await lift(stack.session)).status).toBe(403)
    expect((await lift(admin)).status).toBe(204)
    expect(errorCodeOf(await lift(admin))).toBe('suppression_not_found')
    expect((await put(vid, whole)).body).toMatchObject({ result: 'created' })
    const log = await callApi(stack, '/api/audit?limit=3', { session: admin })
    expect(log.text).toContain('visitor.suppression_lifted')
    expect(log.text).not.toContain(vid)
  })

  test('with an id that only old rows can have can be erased', async () => {
    const { status } = await callApi(stack, '/api/visitors/user%40example.com/erase', {
      method: 'POST',
      session: admin,
    })
    expect(status).toBe(200)
  })
})

test('the list is searched, filtered and read page by page, the one seen last first', async () => {
  const mark = `zebra${made}`
  const vids = Array.from({ length: 5 }, newVid)
  for (const [minute, vid] of vids.entries())
    await put(vid, { last_seen: `2026-03-10T17:0${minute}:00Z`, score: minute * 20, name: `Ada ${mark}` })
  const pages: string[][] = []
  let cursor = ''
  do {
    const { body } = await callApi(stack, `/api/visitors?text=ada+${mark}&limit=2${cursor}`, { key })
    pages.push(((body ?? {})['items'] as { ghost_vid: string }[]).map((one) => one.ghost_vid))
    cursor = body?.['next_cursor'] ? `&cursor=${body['next_cursor'] as string}` : ''
  } while (cursor)
  expect(pages).toEqual([[vids[4], vids[3]], [vids[2], vids[1]], [vids[0]]])
  const hot = await callApi(stack, `/api/visitors?text=${mark}&score_min=60`, { key })
  expect(hot.body?.['items']).toHaveLength(2)
  const late = await callApi(stack, `/api/visitors?text=${mark}&seen_from=2026-03-10T17:02:00Z`, { key })
  expect(late.body?.['items']).toHaveLength(3)
  for (const query of [
    'cursor=1',
    'cursor=9-9-9',
    'limit=0',
    'limit=101',
    'score_min=x',
    'seen_from=today',
    'text=',
  ])
    expect([query, (await callApi(stack, `/api/visitors?${query}`, { key })).status]).toEqual([query, 400])
  expect((await callApi(stack, '/api/visitors?text=%21%21', { key })).body?.['items']).toEqual([])
})

describe('an imported file', () => {
  let folder: string

  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'ghostpost-import-'))))
  afterAll(() => rmSync(folder, { recursive: true }))

  /** Writes the file, imports it, and returns the counts. */
  async function importFile(
    name: string,
    content: string | Buffer,
    args: string[] = [],
  ): Promise<CommandResult> {
    const path = join(folder, name)
    writeFileSync(path, content)
    const env = { GHOSTPOST_API_URL: stack.api, GHOSTPOST_API_KEY: key, XDG_CONFIG_HOME: folder }
    return runGhostpost(['visitors', 'import', path, '--json', ...args], { env })
  }
  const countsOf = ({ stdout }: CommandResult): unknown => JSON.parse(stdout)

  test('of a spreadsheet becomes visitors: mark, semicolons, line breaks in cells, own columns', async () => {
    const csv =
      '\ufeffE-mail;name;score;plan;notes\r\n' +
      'ida@example.com;"Ida\r\nLovelace; ""Countess""";70;pro;x\r\nbo@example.com;Bo;1000;;\r\n'
    const map = ['--map', 'E-mail=identified_user_id', '--map', 'plan=traits.plan', '--id-from', 'E-mail']
    const rejected = join(folder, 'rejected.ndjson')
    const imported = await importFile('leads.csv', csv, [...map, '--rejected', rejected])
    expect(imported.exitCode).toBe(1)
    expect(countsOf(imported)).toMatchObject({ rows: 2, created: 1, refused: 1 })
    const refusal = JSON.parse(readFileSync(rejected, 'utf8')) as { row: number; error: object }
    expect(refusal).toMatchObject({ row: 2, error: { details: [{ field: 'score' }] } })
    const { body } = await callApi(stack, '/api/visitors?identified_user=ida@example.com', { key })
    expect(body?.['items']).toMatchObject([
      { name: 'Ida\r\nLovelace; "Countess"', score: 70, traits: { plan: 'pro' } },
    ])
    expect(countsOf(await importFile('leads.csv', csv, map))).toMatchObject({ rows: 2, refused: 1 })
  })

  test('of lines is stored, checked alone with --dry-run, and continued with --skip', async () => {
    const vids = Array.from({ length: 4_500 }, newVid)
    const lines = ndjson(...vids.map((ghost_vid) => ({ ghost_vid, last_seen: lastSeen })))
    expect(countsOf(await importFile('v.ndjson', lines, ['--dry-run']))).toMatchObject({
      rows: 4_500,
      created: 0,
    })
    expect(countsOf(await importFile('v.ndjson', lines, ['--skip', '4000']))).toMatchObject({ created: 500 })
    expect(countsOf(await importFile('v.ndjson', lines))).toMatchObject({ created: 4_000, unchanged: 500 })
  })

  test.each<[string, string, string | Buffer, string[], string]>([
    ['in Latin-1', 'l.csv', Buffer.from('ghost_vid,name\ngv_l,Jos\xe9\n', 'latin1'), [], '--encoding latin1'],
    ['without a column for ids', 'n.csv', 'name\nBo\n', [], '--id-from'],
    ['without a mapped column', 'm.csv', 'ghost_vid\ngv_m\n', ['--map', 'mail=name'], 'no column mail'],
    ['with a quote that does not end', 'q.csv', 'ghost_vid,name\ngv_q,"Bo\n', [], 'no CSV'],
    ['of another kind', 'v.xlsx', 'x', [], '.csv'],
  ])('%s is refused with what to do', async (_, name, content, args, hint) => {
    const { exitCode, stderr } = await importFile(name, content, args)
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(hint)])
  })

  test('in Latin-1 is read when the command says so', async () => {
    const latin1 = Buffer.from('ghost_vid,name\ngv_latin,Jos\xe9\n', 'latin1')
    expect((await importFile('l.csv', latin1, ['--encoding', 'latin1'])).exitCode).toBe(0)
    expect((await read('gv_latin')).body).toMatchObject({ name: 'José' })
  })
})

describe('a query on Postgres', () => {
  let url: string

  beforeAll(async () => {
    await stack.database.pool.query(`
      create table people (
        id int primary key, email text, full_name text, plan text, seen timestamptz, born date, facts jsonb
      );
      insert into people
      select n, 'p' || n || '@example.com', 'Person ' || n, 'pro', '2026-03-10 17:14:22.5Z', null, '{"a": 1}'
      from generate_series(1, 4500) n;
      analyze people`)
    url = stack.database.url
  })

  const importQuery = (
    query: string,
    args: string[] = [],
    extra: Record<string, string> = {},
  ): Promise<CommandResult> => {
    const env = { GHOSTPOST_API_URL: stack.api, GHOSTPOST_API_KEY: key, ...extra }
    return runGhostpost(['visitors', 'import', '--from', url, '--query', query, '--json', ...args], { env })
  }
  const people = 'select email, full_name, plan, seen as last_seen, facts as traits from people'
  const map = ['--map', 'email=identified_user_id', '--map', 'full_name=name', '--id-from', 'email']

  test('becomes visitors, and to read it again changes nothing', async () => {
    const imported = await importQuery(`${people};`, map)
    expect(JSON.parse(imported.stdout)).toMatchObject({ rows: 4_500, created: 4_500 })
    const found = await callApi(stack, '/api/visitors?identified_user=p7@example.com', { key })
    expect(found.body?.['items']).toMatchObject([
      { name: 'Person 7', last_seen: '2026-03-10T17:14:22.500Z', traits: { a: 1 } },
    ])
    expect(JSON.parse((await importQuery(people, map)).stdout)).toMatchObject({ unchanged: 4_500 })
  })

  test('is read in the order of a column, and continues at a value of it', async () => {
    const ordered = `select id, ${people.slice('select '.length)}`
    const args = [...map, '--cursor', 'id', '--after', '4001']
    expect(JSON.parse((await importQuery(ordered, args)).stdout)).toMatchObject({ rows: 500, unchanged: 500 })
  })

  test('that fails in the middle says where it continues', async () => {
    const failing = 'select id, email, seen as last_seen, 1 / (4100 - id) as total_sessions from people'
    const args = ['--map', 'email=identified_user_id', '--id-from', 'email', '--cursor', 'id']
    // The rows come one by one, not from a sort that would fail before the first.
    const options = { PGOPTIONS: '-c enable_sort=off -c enable_seqscan=off' }
    const { exitCode, stderr } = await importQuery(failing, args, options)
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringMatching(/rows are stored.*--cursor id --after '4000'/),
    ])
  })

  test.each([
    [
      'writes',
      "insert into people (id) values (1) returning 'gv_x' as ghost_vid, now() as last_seen",
      'syntax',
    ],
    ['hides a write', 'with w as (delete from people returning *) select * from w', 'data-modifying'],
    ['ends the transaction first', 'select 1 from people; commit; delete from people', 'multiple commands'],
    ['has no times', 'select email from people', 'no last_seen'],
    ['is none', 'selec', 'syntax'],
  ])('that %s is refused, and changes nothing', async (_, query, hint) => {
    const { exitCode, stdout, stderr } = await importQuery(query, map.slice(4))
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(hint)])
    expect(`${stdout}${stderr}`).not.toContain(new URL(url).password)
    const { rows } = await stack.database.pool.query<{ count: number }>('select count(*)::int from people')
    expect(rows).toEqual([{ count: 4_500 }])
  })

  test('is read with a password that no argument has, and a wrong one is not shown', async () => {
    const { password } = new URL(url)
    const plain = new URL(url)
    plain.password = ''
    const args = [
      'visitors',
      'import',
      '--from',
      plain.href,
      '--query',
      `${people} limit 1`,
      ...map,
      '--json',
    ]
    const env = { GHOSTPOST_API_URL: stack.api, GHOSTPOST_API_KEY: key }
    expect((await runGhostpost(args, { env: { ...env, PGPASSWORD: password } })).exitCode).toBe(0)
    const wrong = await runGhostpost(args, { env: { ...env, PGPASSWORD: 'planted-password' } })
    expect(wrong.exitCode).toBe(2)
    expect(`${wrong.stdout}${wrong.stderr}`).not.toContain('planted-password')
  })
})

test('the command line lifts a suppression for an admin', async () => {
  const vid = newVid()
  await callApi(stack, `/api/visitors/${vid}/erase`, { method: 'POST', session: admin })
  const lift = (session: string): Promise<CommandResult> =>
    runGhostpost(['visitors', 'unsuppress', vid, '--json'], {
      env: { GHOSTPOST_API_URL: stack.api, GHOSTPOST_SESSION: session },
    })
  expect((await lift(stack.session)).exitCode).toBe(3)
  const lifted = await lift(admin)
  expect([lifted.exitCode, JSON.parse(lifted.stdout)]).toEqual([0, { ghost_vid: vid, suppressed: false }])
  expect((await put(vid, whole)).status).toBe(200)
})
