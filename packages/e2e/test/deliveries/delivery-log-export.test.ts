import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { callApi } from '@ghostpost/test-kit/processes/call-api'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'
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
    expect(text).toMatch(/^delivery_id,created_at,.+\r\n/)
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
      await stack.database.pool.query(
        `insert into visitors (site_id, ghost_vid, identified_user_id, first_seen, last_seen)
         values (4, 'gv_' || $1, $1, now(), now()) on conflict do nothing`,
        [formula],
      )
      const [id = ''] = await insert({ state: 'failed', cause: 'x', vid: `gv_${formula}` })
      await stack.database.pool.query(
        'update deliveries set last_message = $2, receiver_host = $2 where id = $1',
        [id, formula],
      )
      const [row] = await csv()
      const cells = [row?.['identified_user'], row?.['error_message'], row?.['receiver']]
      expect(cells).toEqual([`'${formula}`, `'${formula}`, `'${formula}`])
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
