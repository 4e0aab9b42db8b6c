import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createSessionToken, createUser } from '@ghostpost/test-kit/accounts'
import { callApi } from '@ghostpost/test-kit/processes/call-api'
import { connectFrom, type RawConnection } from '@ghostpost/test-kit/processes/raw-connection'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { insertDeliveries, type DeliveryInput } from './insert-deliveries.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack({}, 0)
})

beforeEach(async () => {
  await stack.database.pool.query('delete from deliveries')
})

afterAll(() => stack.stop())

const insert = (...rows: DeliveryInput[]): Promise<string[]> => insertDeliveries(stack, ...rows)

describe('an export of the log', () => {
  const csv = async (): Promise<Record<string, string>[]> => {
    const { text } = await callApi(stack, '/api/deliveries/export?siteId=4')
    return parse<Record<string, string>>(text, { bom: true, columns: true })
  }

  test('is CSV that a spreadsheet reads', async () => {
    const ids = await insert({}, { state: 'failed', cause: 'not_found', status: 404 })
    const { headers, text } = await callApi(stack, '/api/deliveries/export?siteId=4')
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(headers.get('content-disposition')).toBe('attachment; filename="deliveries.csv"')
    expect(text).toMatch(/^"delivery_id","created_at",.+\r\n/)
    // The text has no byte order mark here; it marks UTF-8 for spreadsheets.
    const raw = await fetch(new URL('/api/deliveries/export', stack.api), {
      headers: { cookie: `session=${stack.session}` },
    })
    expect([...(await raw.bytes()).subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    const rows = await csv()
    expect(rows.map(({ delivery_id }) => delivery_id)).toEqual(ids.toReversed())
    expect(rows[0]).toMatchObject({ status: 'failed', error_code: 'not_found', response_status: '404' })
  })

  // https://owasp.org/www-community/attacks/CSV_Injection
  test.each(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'])(
    'makes no formula of a cell that begins with %j, in any column',
    async (sign) => {
      const formula = `${sign}HYPERLINK("https://evil.example","x")`
      const vid = `gv_${Buffer.from(formula).toString('hex')}`
      await stack.database.pool.query(
        `insert into visitors (site_id, ghost_vid, identified_user_id, first_seen, last_seen)
         values (4, $1, $2, now(), now())`,
        [vid, formula],
      )
      const [id = ''] = await insert({ state: 'failed', cause: 'x', vid })
      await stack.database.pool.query(
        'update deliveries set last_message = $2, receiver_host = $2 where id = $1',
        [id, formula],
      )
      const [row] = await csv()
      const cells = [row?.['identified_user'], row?.['error_message'], row?.['receiver']]
      expect(cells).toEqual([`'${formula}`, `'${formula}`, `'${formula}`])
    },
  )

  // A CSV reader that is told another line break, separator or no quotes must find no cell that begins a formula.
  test.each(['\n', '\r', '\r\n', '\t', ';', '\n\n', '","\n', '"\r'])(
    'has no row and no formula that a visitor began with %j',
    async (within) => {
      const vid = `gv_bob${within}=cmd|'/C calc'!A0`
      const [id = ''] = await insert({ state: 'failed', cause: 'x', vid })
      await insert({ vid: 'gv_plain' })
      const { text } = await callApi(stack, '/api/deliveries/export?siteId=4')
      const rows = parse<Record<string, string>>(text, { bom: true, columns: true })
      expect(rows).toHaveLength(2)
      expect(rows[1]?.['delivery_id']).toBe(id)
      expect(rows[1]?.['ghost_vid']?.replaceAll("'", '')).toBe(vid.replaceAll("'", ''))
      const starts = text.split(/[\r\n\t;]|","/).map((part) => part.replace(/^"/, ''))
      expect(starts.filter((part) => /^[=+@＝＋＠]/.test(part))).toEqual([])
      expect(
        text
          .split('\r\n')[0]
          ?.split(',')
          .every((cell) => /^"[a-z_]+"$/.test(cell)),
      ).toBe(true)
    },
  )

  test('is NDJSON with the items of the list', async () => {
    await insert({}, { state: 'failed' }, {})
    const { text } = await callApi(stack, '/api/deliveries/export?format=ndjson')
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object)
    const { body } = await callApi(stack, '/api/deliveries?siteId=4')
    expect(lines).toEqual(body?.['items'])
  })

  test('has all matching deliveries of many pages', async () => {
    await stack.database.pool.query(
      `insert into deliveries (id, site_id, visitor_id, ghost_vid, webhook_type, receiver_url, receiver_host,
         include_journey, include_events, requested_by, state)
       select ('0190a000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
         4, 0, 'gv_many', 'custom', 'https://a.example', 'a.example',
         true, true, $1, 'delivered'
       from generate_series(1, 3500) n`,
      [stack.user.id],
    )
    const { text } = await callApi(stack, '/api/deliveries/export?status=delivered&format=ndjson')
    const ids = text
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { delivery_id: string }).delivery_id)
    expect([ids.length, new Set(ids).size]).toEqual([3500, 3500])
  })

  test('is in the audit log without the visitor', async () => {
    await callApi(stack, '/api/deliveries/export?identified_user=ann%40example.com')
    const entry = await stack.database.prisma.auditEntry.findFirstOrThrow({
      where: { action: 'log.exported' },
      orderBy: { id: 'desc' },
    })
    expect(entry).toMatchObject({ siteId: 4, details: { fields: ['identified_user'] } })
  })
})

describe('exports that run', () => {
  /** Reads nothing of its response. */
  const startSlowExport = (session: string): RawConnection => {
    const headers = `host: localhost\r\ncookie: session=${session}`
    const head = `GET /api/deliveries/export?format=ndjson HTTP/1.1\r\n${headers}\r\n\r\n`
    const connection = connectFrom(stack.api, '127.0.0.1', head)
    connection.socket.pause()
    return connection
  }

  test('of one site leave room for the exports, lists and counts of others', async () => {
    await stack.database.pool.query(
      `insert into deliveries (id, site_id, visitor_id, ghost_vid, webhook_type, receiver_url, receiver_host,
         include_journey, include_events, requested_by, state)
       select ('0190a000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
         4, 0, 'gv_' || repeat('x', 4000), 'custom', 'https://a.example', 'a.example',
         true, true, $1, 'delivered'
       from generate_series(1, 6000) n`,
      [stack.user.id],
    )
    const slow = Array.from({ length: 40 }, () => startSlowExport(stack.session))
    const { id } = await createUser(stack.database, [7], 'operator')
    const session = await createSessionToken(stack.database, id)
    await waitUntil('one more of the site is refused', async () => {
      // The call below may have had the place of one of them.
      slow.push(startSlowExport(stack.session))
      const { status } = await callApi(stack, '/api/deliveries/export?ghost_vid=gv_none')
      return status === 503
    })
    for (const path of ['/export', '/count', ''])
      expect((await callApi(stack, `/api/deliveries${path}?siteId=7`, { session })).status).toBe(200)
    for (const { socket } of slow) socket.destroy()
  })
})

test('counts of one viewer that take long leave connections of the database to the list of another site', async () => {
  const { id } = await createUser(stack.database, [7], 'viewer')
  const session = await createSessionToken(stack.database, id)
  const list = async (): Promise<number> =>
    (await callApi(stack, '/api/deliveries?siteId=7', { session })).status
  expect(await list()).toBe(200)
  // Every search for words waits for this lock; the empty list of the other site does not read the table.
  const client = await stack.database.pool.connect()
  await client.query('begin')
  await client.query('lock table visitors in access exclusive mode')
  const counts = Promise.all(
    Array.from({ length: 40 }, () => callApi(stack, '/api/deliveries/count?text=ann')),
  )
  await waitUntil('a count waits for the lock', async () => {
    const { rows } = await stack.database.pool.query<{ waiting: number }>(
      'select count(*)::int as waiting from pg_locks where not granted',
    )
    return (rows[0]?.waiting ?? 0) > 0
  })
  expect([await list(), await list(), await list()]).toEqual([200, 200, 200])
  await client.query('rollback')
  client.release()
  expect(new Set((await counts).map(({ status }) => status))).toEqual(new Set([200]))
})
