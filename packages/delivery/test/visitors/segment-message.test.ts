import { describe, expect, test } from 'vitest'
import { messagesOf, readSegmentMessage, type JsonRecord } from '@ghostpost/delivery/visitors'

const receivedAt = '2026-03-10T17:14:22.000Z'
const ids = { vidOf: (kind: string, id: string) => `gv_${kind}_${id}`, idOf: () => 'made' }
const read = (message: JsonRecord) => readSegmentMessage(message, ids, receivedAt)

function rowOf(message: JsonRecord): Record<string, unknown> {
  const found = read(message)
  if (found.kind !== 'visitor') throw new Error(JSON.stringify(found))
  return found.row
}

describe('a message of Segment', () => {
  test('that identifies has the profile of its traits and its context', () => {
    const row = rowOf({
      type: 'identify',
      userId: 'u1',
      timestamp: '2026-03-10T10:00:00+01:00',
      traits: {
        email: 'ada@example.com',
        firstName: 'Ada',
        lastName: 'Lovelace',
        company: { name: 'Analytical Engines', employees: 3 },
        address: { city: 'London', country: 'United Kingdom' },
        plan: 'pro',
        score: 70,
      },
      context: {
        userAgent:
          'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) ' +
          'Version/17.0 Mobile/15E148 Safari/604.1',
        campaign: { name: 'spring', source: 'news' },
      },
    })
    expect(row).toEqual({
      ghost_vid: 'gv_user_u1',
      last_seen: '2026-03-10T10:00:00+01:00',
      identified_user_id: 'ada@example.com',
      name: 'Ada Lovelace',
      company: 'Analytical Engines',
      city: 'London',
      country: 'United Kingdom',
      score: 70,
      device_type: 'mobile',
      browser: 'Safari',
      traits: {
        utm_campaign: 'spring',
        utm_source: 'news',
        user_id: 'u1',
        firstName: 'Ada',
        lastName: 'Lovelace',
        company: { name: 'Analytical Engines', employees: 3 },
        address: { city: 'London', country: 'United Kingdom' },
        plan: 'pro',
      },
    })
  })

  test('that says nothing about a field leaves it out', () => {
    expect(rowOf({ type: 'track', event: 'Signed Up', anonymousId: 'a1' })).toEqual({
      ghost_vid: 'gv_anonymous_a1',
      last_seen: receivedAt,
      traits: {},
      events: [{ event_id: 'made', type: 'Signed Up', page: null, occurred_at: receivedAt }],
      sessions: [],
    })
  })

  test.each<[string, JsonRecord, object]>([
    ['a page has the path of its URL', { properties: { url: 'https://e.com/p?q=1' } }, { page: '/p' }],
    ['a page without an address has its name', { name: 'Pricing' }, { page: 'Pricing' }],
    [
      'the path of the context counts',
      { context: { page: { path: '/c' } } },
      { page: '/c', session_key: '' },
    ],
    ['the session is the client’s', { context: { sessionId: 17 } }, { session_key: '17' }],
    ['the id is the message’s', { messageId: 'm1' }, { event_id: 'm1' }],
    ['a long id is replaced', { messageId: 'm'.repeat(129) }, { event_id: 'made' }],
    ['a time may be a number', { timestamp: 1_773_162_862_000 }, { occurred_at: receivedAt }],
    [
      'a time without a zone is UTC',
      { timestamp: '2026-03-10T17:14:22' },
      { occurred_at: '2026-03-10T17:14:22Z' },
    ],
    [
      'a zone may have no colon',
      { timestamp: `${receivedAt.slice(0, -1)}+0000` },
      { occurred_at: `${receivedAt.slice(0, -1)}+00:00` },
    ],
    ['RudderStack’s time counts', { originalTimestamp: receivedAt }, { occurred_at: receivedAt }],
  ])('%s', (_, message, event) => {
    const found = read({ type: 'page', userId: 'u', ...message })
    expect(found).toMatchObject({ kind: 'visitor', event })
  })

  test('of another kind is ignored, and one that names nobody is refused', () => {
    expect(read({ type: 'group', userId: 'u' })).toEqual({ kind: 'ignored' })
    expect(read({ type: 'alias', userId: 'u' })).toEqual({ kind: 'ignored' })
    expect(read({ type: 'page' })).toMatchObject({ kind: 'refused', details: [{ field: 'userId' }] })
    expect(read({ type: 'track', userId: 'u' })).toMatchObject({
      kind: 'refused',
      details: [{ field: 'event' }],
    })
    expect(read({ userId: 'u' })).toMatchObject({ kind: 'refused', details: [{ field: 'type' }] })
  })

  test('has the context of its batch, and its own first', () => {
    const batch = { context: { a: 1, b: 1 }, batch: [{ context: { b: 2 } }, 'no message'] }
    expect(messagesOf(batch)).toEqual([{ context: { a: 1, b: 2 }, sentAt: undefined }, 'no message'])
    expect(messagesOf({})).toBeNull()
  })

  test('with an e-mail address names the person by it, whenever it is said', () => {
    const withEmail = read({ type: 'identify', userId: 'u', traits: { email: 'a@e.com' } })
    const without = read({ type: 'track', event: 'x', userId: 'u' })
    const timeOf = (found: ReturnType<typeof read>): number | undefined =>
      found.kind === 'visitor' ? found.said.fields.get('identified_user_id')?.atMs : undefined
    expect([timeOf(withEmail), timeOf(without)]).toEqual([Date.parse(receivedAt), 0])
  })
})
