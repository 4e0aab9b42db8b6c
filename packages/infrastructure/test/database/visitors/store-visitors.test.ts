import type { EventRecord, SessionRecord, VisitorRow } from '@ghostpost/delivery/contract/visitor-record'
import { mergeSaid, type SaidEvent } from '@ghostpost/delivery/visitors'
import {
  eraseVisitor,
  liftSuppression,
  mergeVisitors,
  storeVisitors,
  type VisitorFacts,
} from '@ghostpost/infrastructure/database/visitors'
import { createUser } from '@ghostpost/test-kit/accounts'
import { createTestDatabase, type TestDatabase } from '@ghostpost/test-kit/test-database'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import * as fc from 'fast-check'
import type { PoolClient } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const siteId = 4
let database: TestDatabase
let actor: { userId: string; requestId: string; ip: string }
let made = 0

beforeAll(async () => {
  database = await createTestDatabase()
  const { id } = await createUser(database, [siteId], 'admin')
  actor = { userId: id, requestId: 'request', ip: '192.0.2.1' }
})

afterAll(() => database.drop())

const newVid = (): string => `gv_stored_${(made += 1)}`
const seen = (minute: number): string => new Date(Date.UTC(2026, 2, 1, 12, minute)).toISOString()
const store = async (...rows: VisitorRow[]): Promise<unknown[]> => [
  ...(await storeVisitors(database, siteId, rows)).values(),
]

/** Everything that is stored of a visitor, without the numbers of the rows. */
async function stored(vid: string): Promise<unknown> {
  const { rows } = await database.pool.query(
    `select
       to_jsonb(v) - 'id' - 'ghost_vid' as profile,
       v.xmin::text as version,
       (select jsonb_agg(to_jsonb(s) - 'id' - 'visitor_id' order by session_id)
        from visitor_sessions s where visitor_id = v.id) as sessions,
       (select jsonb_agg(to_jsonb(e) - 'id' - 'visitor_id' order by event_id)
        from events e where visitor_id = v.id) as events
     from visitors v
     where site_id = $1 and ghost_vid = $2`,
    [siteId, vid],
  )
  return rows[0]
}

const minute = fc.integer({ min: 0, max: 5 }).map(seen)
const word = fc.constantFrom('a', 'b', 'é', null)
const session: fc.Arbitrary<SessionRecord> = fc.record({
  session_id: fc.constantFrom('s1', 's2'),
  started_at: fc.constant(seen(0)),
  ended_at: fc.option(minute, { nil: null }),
  pageview_count: fc.nat(2),
  entry_page: word,
})
const event: fc.Arbitrary<EventRecord> = fc.record({
  event_id: fc.constantFrom('e1', 'e2'),
  type: fc.constantFrom('pageview', 'form'),
  page: word,
  occurred_at: minute,
})
const update: fc.Arbitrary<Omit<VisitorRow, 'ghost_vid'>> = fc
  .record({
    last_seen: minute,
    first_seen: fc.option(fc.constant(seen(0)), { nil: undefined }),
    score: fc.nat(3),
    name: word,
    traits: fc.option(fc.record({ plan: word, seats: fc.nat(2) })),
    sessions: fc.uniqueArray(session, { selector: (one) => one.session_id }),
    events: fc.uniqueArray(event, { selector: (one) => one.event_id }),
  })
  .map(({ first_seen, ...rest }) => ({ ...rest, ...(first_seen !== undefined && { first_seen }) }))

describe('feeds', () => {
  test('converge, whatever the order, the repetitions and the cuts into batches', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(update, { minLength: 1, maxLength: 6 }).chain((updates) =>
          fc.record({
            updates: fc.constant(updates),
            order: fc.shuffledSubarray([...updates, ...updates], { minLength: updates.length * 2 }),
            cuts: fc.array(fc.nat(updates.length * 2), { maxLength: 3 }),
          }),
        ),
        async ({ updates, order, cuts }) => {
          const [one, other] = [newVid(), newVid()]
          for (const next of updates) await store({ ...next, ghost_vid: one })
          const edges = [0, ...cuts.toSorted((a, b) => a - b), order.length]
          for (const [index, from] of edges.entries()) {
            const batch = order.slice(from, edges[index + 1])
            if (batch.length > 0) await store(...batch.map((next) => ({ ...next, ghost_vid: other })))
          }
          const [first, second] = [await stored(one), await stored(other)]
          expect({ ...(second as object), version: '' }).toEqual({ ...(first as object), version: '' })
          for (const next of updates) expect(await store({ ...next, ghost_vid: one })).toEqual(['unchanged'])
          expect(await stored(one)).toEqual(first)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('of the same visitors at once end without a failure and with the newest', async () => {
    const vids = Array.from({ length: 20 }, newVid)
    const feed = (at: number, order: string[]): Promise<unknown> =>
      store(
        ...order.map((ghost_vid) => ({
          ghost_vid,
          last_seen: seen(at),
          score: at,
          events: [{ event_id: `e${at}`, type: 'pageview', occurred_at: seen(at) }],
        })),
      )
    await Promise.all([1, 4, 2, 5, 3].map((at) => feed(at, at % 2 ? vids : vids.toReversed())))
    const { rows } = await database.pool.query(
      `select distinct score, (select count(*)::int from events where visitor_id = v.id) as events
       from visitors v where ghost_vid = any($1)`,
      [vids],
    )
    expect(rows).toEqual([{ score: 5, events: 5 }])
  })
})

/** What one message says, without the visitor. */
type Said = Omit<VisitorFacts, 'ghostVid'>

const fieldValue = fc.constantFrom<unknown>('a', 'b', null, 3)
const message: fc.Arbitrary<Said> = fc
  .record({
    at: fc.constantFrom(0, 10, 29, 45, 90, 200).map((minutes) => Date.parse(seen(minutes))),
    fields: fc.dictionary(fc.constantFrom('name', 'city', 'traits.plan', 'traits.seats'), fieldValue, {
      maxKeys: 3,
    }),
    event: fc.option(
      fc.record({
        event_id: fc.constantFrom('e1', 'e2', 'e3', 'e4'),
        type: fc.constantFrom('pageview', 'form'),
        page: fc.constantFrom('/a', '/b', null),
        referrer: fc.constantFrom('https://r.example', null),
      }),
    ),
  })
  .map(({ at, fields, event: own }) => ({
    said: {
      firstSeenMs: at,
      lastSeenMs: at,
      fields: new Map(
        Object.entries(fields).map(([name, value]) => [
          name,
          { value: name.startsWith('traits.') || value === null ? value : JSON.stringify(value), atMs: at },
        ]),
      ),
    },
    // The session belongs to the message, as with the clients: a repeated id has the same.
    events: own
      ? [{ ...own, occurred_at: new Date(at).toISOString(), session_key: own.event_id === 'e4' ? 's' : '' }]
      : [],
  }))

/** One event of each id: clients make ids that are unique. */
function withUniqueIds(messages: readonly Said[]): Said[] {
  const ofId = new Map<string, SaidEvent>()
  return messages.map(({ said, events }) => ({
    said,
    events: events.map((one) => {
      const first = ofId.get(one.event_id) ?? one
      ofId.set(one.event_id, first)
      return first
    }),
  }))
}

const merge = (vid: string, messages: readonly Said[]): Promise<unknown> =>
  mergeVisitors(database, siteId, [
    messages
      .map((one) => ({ ...one, ghostVid: vid }))
      .reduce((one, other) => ({
        ghostVid: vid,
        said: mergeSaid(one.said, other.said),
        events: [...one.events, ...other.events],
      })),
  ])

describe('feeds of messages', () => {
  test('converge, whatever the order, the repetitions and the cuts into batches', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(message, { minLength: 1, maxLength: 7 }).chain((messages) => {
          const unique = withUniqueIds(messages)
          return fc.record({
            messages: fc.constant(unique),
            order: fc.shuffledSubarray([...unique, ...unique], { minLength: unique.length * 2 }),
            cuts: fc.array(fc.nat(unique.length * 2), { maxLength: 3 }),
          })
        }),
        async ({ messages, order, cuts }) => {
          const [one, other] = [newVid(), newVid()]
          for (const next of messages) await merge(one, [next])
          const edges = [0, ...cuts.toSorted((a, b) => a - b), order.length]
          for (const [index, from] of edges.entries()) {
            const batch = order.slice(from, edges[index + 1])
            if (batch.length > 0) await merge(other, batch)
          }
          const [first, second] = [await stored(one), await stored(other)]
          expect({ ...(second as object), version: '' }).toEqual({ ...(first as object), version: '' })
          for (const next of messages) await merge(one, [next])
          expect(await stored(one)).toEqual(first)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('leave what a newer profile says, and add to what an older one says', async () => {
    const vid = newVid()
    await store({
      ghost_vid: vid,
      last_seen: seen(2),
      name: 'whole',
      traits: { plan: 'whole' },
      total_sessions: 9,
    })
    const says = (minutes: number, name: string): Said => {
      const at = Date.parse(seen(minutes))
      const fields = new Map([['name', { value: name, atMs: at }]])
      return { said: { firstSeenMs: at, lastSeenMs: at, fields }, events: [] }
    }
    await merge(vid, [says(1, 'older')])
    expect(await stored(vid)).toMatchObject({ profile: { name: 'whole' } })
    await merge(vid, [says(3, 'newer')])
    expect(await stored(vid)).toMatchObject({
      profile: { name: 'newer', traits: { plan: 'whole' }, total_sessions: 9 },
    })
    await store({ ghost_vid: vid, last_seen: seen(4), company: 'C' })
    expect(await stored(vid)).toMatchObject({ profile: { name: null, company: 'C', field_times: null } })
  })

  test('of the same visitors at once end without a failure and lose nothing', async () => {
    const vids = Array.from({ length: 20 }, newVid)
    const feed = (minutes: number, order: string[]): Promise<unknown> => {
      const at = Date.parse(seen(minutes))
      const facts = order.map((ghostVid) => ({
        ghostVid,
        said: {
          firstSeenMs: at,
          lastSeenMs: at,
          fields: new Map([[`traits.t${minutes}`, { value: minutes, atMs: at }]]),
        },
        events: [
          {
            event_id: `e${minutes}`,
            type: 'pageview',
            page: '/',
            occurred_at: seen(minutes),
            session_key: '',
            referrer: null,
          },
        ],
      }))
      return mergeVisitors(database, siteId, facts)
    }
    await Promise.all([1, 40, 2, 50, 3].map((at, index) => feed(at, index % 2 ? vids : vids.toReversed())))
    const { rows } = await database.pool.query(
      'select distinct traits::text, total_sessions, total_pageviews from visitors where ghost_vid = any($1)',
      [vids],
    )
    expect(rows).toEqual([
      {
        traits: '{"t1":1,"t2":2,"t3":3,"t40":40,"t50":50}',
        total_sessions: 2,
        total_pageviews: 5,
      },
    ])
  })

  test('do not bring an erased visitor back', async () => {
    const vid = newVid()
    await eraseVisitor(database, { siteId, ghostVid: vid }, actor)
    const at = Date.parse(seen(1))
    const said = { firstSeenMs: at, lastSeenMs: at, fields: new Map() }
    expect(await mergeVisitors(database, siteId, [{ ghostVid: vid, said, events: [] }])).toEqual(
      new Map([[vid, 'suppressed']]),
    )
    expect(await stored(vid)).toBeUndefined()
  })
})

test('results say what happened to each visitor', async () => {
  const [known, fresh] = [newVid(), newVid()]
  expect(await store({ ghost_vid: known, last_seen: seen(2) })).toEqual(['created'])
  expect(await store({ ghost_vid: known, last_seen: seen(1) })).toEqual(['updated'])
  expect(await store({ ghost_vid: known, last_seen: seen(1) })).toEqual(['unchanged'])
  const events = [{ event_id: 'e', type: 'form', occurred_at: seen(1) }]
  const results = await storeVisitors(database, siteId, [
    { ghost_vid: known, last_seen: seen(1), events },
    { ghost_vid: fresh, last_seen: seen(1) },
    { ghost_vid: fresh, last_seen: seen(3), score: 7 },
  ])
  expect(Object.fromEntries(results)).toEqual({ [known]: 'updated', [fresh]: 'created' })
  expect(await stored(fresh)).toMatchObject({ profile: { score: 7 } })
})

describe('an erased visitor', () => {
  const erase = (vid: string): Promise<unknown> => eraseVisitor(database, { siteId, ghostVid: vid }, actor)
  const insert = (client: Pick<PoolClient, 'query'>, vid: string): Promise<{ rowCount: number | null }> =>
    client.query(
      'insert into visitors (site_id, ghost_vid, first_seen, last_seen) values ($1, $2, now(), now())',
      [siteId, vid],
    )
  const exists = async (vid: string): Promise<boolean> => (await stored(vid)) !== undefined

  test('does not come back through a feed, and the others of the feed do', async () => {
    const [erased, other] = [newVid(), newVid()]
    await store({ ghost_vid: erased, last_seen: seen(1) })
    expect(await erase(erased)).toMatchObject({ profile: true })
    const results = await storeVisitors(database, siteId, [
      { ghost_vid: erased, last_seen: seen(2), events: [{ event_id: 'e', type: 'x', occurred_at: seen(1) }] },
      { ghost_vid: other, last_seen: seen(2) },
    ])
    expect(Object.fromEntries(results)).toEqual({ [erased]: 'suppressed', [other]: 'created' })
    expect(await exists(erased)).toBe(false)
  })

  test('does not come back through SQL, by an insert or by a new id', async () => {
    const [erased, other] = [newVid(), newVid()]
    expect(await erase(erased)).toMatchObject({ profile: false })
    expect((await insert(database.pool, erased)).rowCount).toBe(0)
    await insert(database.pool, other)
    const rename = database.pool.query('update visitors set ghost_vid = $1 where ghost_vid = $2', [
      erased,
      other,
    ])
    await expect(rename).rejects.toThrow('suppressed')
    // The same id in another site is another visitor.
    const elsewhere =
      'insert into visitors (site_id, ghost_vid, first_seen, last_seen) values (7, $1, now(), now())'
    expect((await database.pool.query(elsewhere, [erased])).rowCount).toBe(1)
  })

  test('is erased also when another transaction inserts it meanwhile', async () => {
    const vid = newVid()
    const feeder = await database.pool.connect()
    try {
      await feeder.query('begin')
      await insert(feeder, vid)
      const erasing = erase(vid)
      await waitUntil('the erasure waits for the insert', async () => isAnyoneWaiting())
      await feeder.query('commit')
      await erasing
    } finally {
      feeder.release()
    }
    expect(await exists(vid)).toBe(false)
  })

  test('stays away also when an insert waited for the erasure', async () => {
    const vid = newVid()
    await insert(database.pool, vid)
    const eraser = await database.pool.connect()
    try {
      await eraser.query('begin')
      await eraser.query('delete from visitors where ghost_vid = $1', [vid])
      await eraser.query(
        'insert into suppressed_visitors (site_id, digest) values ($1, suppression_digest($1, $2))',
        [siteId, vid],
      )
      const inserting = insert(database.pool, vid)
      await waitUntil('the insert waits for the erasure', async () => isAnyoneWaiting())
      await eraser.query('commit')
      await inserting
    } finally {
      eraser.release()
    }
    expect(await exists(vid)).toBe(false)
  })

  test('is recognised by a digest that says nothing without the key', async () => {
    const vid = newVid()
    await erase(vid)
    const { rows } = await database.pool.query<{ known: boolean; plain: boolean }>(
      `select
         digest = suppression_digest($1, $2) as known,
         digest = sha256(convert_to($1 || ' ' || $2, 'UTF8')) as plain
       from suppressed_visitors
       where digest = suppression_digest($1, $2)`,
      [siteId, vid],
    )
    expect(rows).toEqual([{ known: true, plain: false }])
  })

  test('may come back after an admin has lifted the suppression, which is recorded', async () => {
    const vid = newVid()
    await erase(vid)
    const lift = (): Promise<boolean> => liftSuppression(database, { siteId, ghostVid: vid }, actor)
    expect(await lift()).toBe(true)
    expect(await lift()).toBe(false)
    expect(await store({ ghost_vid: vid, last_seen: seen(1) })).toEqual(['created'])
    const { rows } = await database.pool.query(
      `select object_type from audit_log where action = 'visitor.suppression_lifted' order by id desc limit 1`,
    )
    expect(rows).toEqual([{ object_type: 'visitor' }])
  })

  test('with an id that only old rows can have is erased, too', async () => {
    const vid = 'user@example.com'
    await database.pool.query('alter table visitors drop constraint visitors_ghost_vid_check')
    await insert(database.pool, vid)
    expect(await erase(vid)).toMatchObject({ profile: true })
    expect(await exists(vid)).toBe(false)
  })
})

async function isAnyoneWaiting(): Promise<boolean> {
  const { rows } = await database.pool.query(
    `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  )
  return rows.length > 0
}
