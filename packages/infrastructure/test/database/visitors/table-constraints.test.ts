import { readFileSync } from 'node:fs'
import { createTestDatabase, type TestDatabase } from '@ghostpost/test-kit/test-database'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'

let database: TestDatabase
let visitorId: string

beforeAll(async () => {
  database = await createTestDatabase()
  const { rows } = await insert('visitors', profile)
  visitorId = String(rows[0]?.['id'])
})

afterAll(() => database.drop())

const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString()
const profile = { site_id: 4, ghost_vid: 'gv_table', first_seen: ago(10), last_seen: ago(1) }
const session = { session_id: 's', started_at: ago(10) }
const event = { event_id: 'e', type: 'pageview', occurred_at: ago(10) }
let made = 0

async function insert(
  table: string,
  row: Record<string, unknown>,
): Promise<{ rows: Record<string, unknown>[] }> {
  const names = Object.keys(row)
  return database.pool.query(
    `insert into ${table} (${names.join(', ')}) values (${names.map((_, index) => `$${index + 1}`).join(', ')})
     returning *`,
    Object.values(row),
  )
}

const long = (length: number): string => 'ü'.repeat(length)

test.each<[string, Record<string, unknown>]>([
  ['an e-mail address as id', { ghost_vid: 'user@example.com' }],
  ['an id with a space', { ghost_vid: 'gv_a b' }],
  ['an id with a line break at its end', { ghost_vid: 'gv_a\n' }],
  ['an id of 129 characters', { ghost_vid: `gv_${'a'.repeat(129)}` }],
  ['a score of -7', { score: -7 }],
  ['a score of 1000', { score: 1000 }],
  ['an empty id of a person', { identified_user_id: '' }],
  ['a name of 257 characters', { name: long(257) }],
  ['a browser of 257 characters', { browser: long(257) }],
  ['a negative total', { total_pageviews: -1 }],
  ['a time in the future', { last_seen: ago(-10) }],
  ['a time in the year 1', { first_seen: '0001-01-01T00:00:00Z' }],
  ['a first time after the last', { first_seen: ago(0), last_seen: ago(5) }],
  ['traits that are no object', { traits: '[]' }],
  ['traits of more than 8 KiB', { traits: JSON.stringify({ a: 'a'.repeat(8_192) }) }],
])('the table of visitors refuses %s', async (_, change) => {
  made += 1
  await expect(insert('visitors', { ...profile, ghost_vid: `gv_t${made}`, ...change })).rejects.toThrow(
    /_check"/,
  )
})

test.each<[string, 'visitor_sessions' | 'events', Record<string, unknown>]>([
  ['a session without an id', 'visitor_sessions', { session_id: '' }],
  ['a session that ends before it starts', 'visitor_sessions', { ended_at: ago(11) }],
  ['a session that ends in the future', 'visitor_sessions', { ended_at: ago(-10) }],
  ['a session that starts in the future', 'visitor_sessions', { started_at: ago(-10) }],
  ['a negative number of pages', 'visitor_sessions', { pageview_count: -1 }],
  ['a page of 2,049 characters', 'visitor_sessions', { entry_page: long(2_049) }],
  ['an event of 64 KiB', 'events', { page: long(65_536) }],
  ['an event without a type', 'events', { type: '' }],
  ['an event in the future', 'events', { occurred_at: ago(-10) }],
  ['an event id of 129 characters', 'events', { event_id: long(129) }],
])('the tables refuse %s', async (_, table, change) => {
  const row = table === 'events' ? event : session
  await expect(insert(table, { visitor_id: visitorId, ...row, ...change })).rejects.toThrow(/_check"/)
})

test('the bounds themselves are allowed', async () => {
  const ghostVid = `gv_${'a'.repeat(128)}`
  const traits = JSON.stringify({ a: 'a'.repeat(8_192 - 8) })
  const whole = { ...profile, ghost_vid: ghostVid, score: 100, name: long(256), traits }
  const { rows } = await insert('visitors', whole)
  const owned = { visitor_id: rows[0]?.['id'] }
  await insert('visitor_sessions', { ...owned, ...session, session_id: long(128), entry_page: long(2_048) })
  const stored = await insert('events', { ...owned, ...event, event_id: long(128), page: long(2_048) })
  expect(stored.rows).toHaveLength(1)
})

test('an event is stored once by its id, and events without an id as often as they come', async () => {
  const row = { visitor_id: visitorId, ...event }
  await insert('events', row)
  await expect(insert('events', row)).rejects.toThrow('events_visitor_id_event_id_key')
  await insert('events', { ...row, event_id: null })
  await insert('events', { ...row, event_id: null })
})

test('the documented role may feed as documented, again and again, and nothing else', async () => {
  const page = readFileSync(
    new URL('../../../../../docs/getting-your-visitors-in.md', import.meta.url),
    'utf8',
  )
  const [grants = '', feed = ''] = [...page.matchAll(/```sql\n(.*?)```/gs)].map(([, sql]) => sql)
  await database.pool.query(grants)
  const { hostname, port, pathname } = new URL(database.url)
  const feeder = new Client({
    host: hostname,
    port: Number(port),
    database: pathname.slice(1),
    user: 'ghostpost_feeder',
    password: 'change me',
  })
  try {
    await feeder.connect()
    await feeder.query(feed)
    await feeder.query(feed)
    const { rows } = await feeder.query(
      `select (select count(*)::int from events where visitor_id = v.id) as events from visitors v
       where ghost_vid = 'gv_from_sql'`,
    )
    expect(rows).toEqual([{ events: 1 }])
    for (const table of ['deliveries', 'users', 'api_keys', 'suppressed_visitors', 'suppression_key'])
      await expect(feeder.query(`select from ${table}`)).rejects.toThrow('permission denied')
    await expect(feeder.query('delete from visitors')).rejects.toThrow('permission denied')
  } finally {
    await feeder.end()
    await database.pool.query('drop owned by ghostpost_feeder; drop role ghostpost_feeder')
  }
})
