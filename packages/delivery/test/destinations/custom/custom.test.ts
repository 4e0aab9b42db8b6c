import { describe, expect, test } from 'vitest'
import { customDestination } from '../../../src/destinations/custom/custom.ts'
import {
  anonymousVisitor,
  documentedEvent,
  documentedOptions,
  documentedSession,
  documentedVisitor,
} from '../../visitors/visitor-factory.ts'
import { httpResponse, brief, now, verdictOn } from '../response-factory.ts'
import { contractExamples, wireForm } from '../contract-examples.ts'

function built(
  ...[visitor, options]:
    | Parameters<typeof customDestination.buildBody>
    | [ReturnType<typeof documentedVisitor>]
) {
  const body = customDestination.buildBody(visitor, options ?? documentedOptions())
  return JSON.parse(JSON.stringify(body)) as Record<string, never>
}

describe('the custom payload', () => {
  test('is the contract’s example, key for key and in its order', () => {
    const body = customDestination.buildBody(documentedVisitor(), documentedOptions())
    expect(JSON.stringify(body)).toBe(wireForm(contractExamples.custom))
  })

  test('leaves the journey out where it is not wanted, and nothing else', () => {
    const body = built(documentedVisitor(), documentedOptions({ includeJourney: false }))
    const { journey: _, ...rest } = built(documentedVisitor())
    expect(JSON.stringify(body)).toBe(JSON.stringify(rest))
  })

  test('leaves the recent events out where they are not wanted, and nothing else', () => {
    const body = built(documentedVisitor(), documentedOptions({ includeEvents: false }))
    const { recent_events: _, ...rest } = built(documentedVisitor())
    expect(JSON.stringify(body)).toBe(JSON.stringify(rest))
  })

  test('has neither where neither is wanted', () => {
    const body = built(
      documentedVisitor(),
      documentedOptions({ includeJourney: false, includeEvents: false }),
    )
    expect(Object.keys(body)).toEqual([
      'ghost_vid',
      'score',
      'status',
      'identified_user_id',
      'location',
      'device',
      'engagement',
      'links',
      'exported_at',
    ])
  })

  test('says null for what is not known of an anonymous visitor, under the same keys', () => {
    const body = built(anonymousVisitor())
    expect(body).toMatchObject({
      status: 'anonymous',
      identified_user_id: null,
      location: { country: null, city: null },
      device: { type: null, browser: null },
      journey: [],
      recent_events: [],
    })
    expect(Object.keys(body)).toEqual(Object.keys(JSON.parse(contractExamples.custom)))
  })

  test.each(['', '   ', '\t', '\u200b', '\u3164'])('says null for a place stored as %j', (nothing) => {
    expect(built(documentedVisitor({ city: nothing, country: nothing }))).toMatchObject({
      location: { country: null, city: null },
    })
  })

  test('keeps an identified user id that is no e-mail address', () => {
    expect(built(documentedVisitor({ identifiedUserId: 'crm-4711' }))).toMatchObject({
      status: 'identified',
      identified_user_id: 'crm-4711',
    })
  })

  test('says null for the end of a session that is still going on, and for pages nobody knows', () => {
    const journey = [documentedSession({ endedAt: null, entryPage: null, exitPage: null, referrer: null })]
    const recentEvents = [documentedEvent({ type: 'identify', page: null })]
    const body = built(documentedVisitor({ journey, recentEvents }))
    expect(body).toMatchObject({
      journey: [{ ended_at: null, entry_page: null, exit_page: null, referrer: null }],
      recent_events: [{ type: 'identify', page: null }],
    })
  })

  test('holds at most the first ten sessions and twenty events it is given, in their order', () => {
    const journey = Array.from({ length: 12 }, (_, at) => documentedSession({ sessionId: `gs_${at}` }))
    const recentEvents = Array.from({ length: 25 }, (_, at) => documentedEvent({ page: `/${at}` }))
    const body = built(documentedVisitor({ journey, recentEvents })) as unknown as {
      journey: { session_id: string }[]
      recent_events: { page: string }[]
    }
    expect(body.journey.map((session) => session.session_id)).toEqual(
      Array.from({ length: 10 }, (_, at) => `gs_${at}`),
    )
    expect(body.recent_events.map((event) => event.page)).toEqual(
      Array.from({ length: 20 }, (_, at) => `/${at}`),
    )
  })

  test('links to the configured public address', () => {
    const body = built(documentedVisitor(), documentedOptions({ publicUrl: 'http://localhost:8080/ghost' }))
    expect(body).toMatchObject({
      links: {
        profile: 'http://localhost:8080/ghost/visitor/gv_a1b2c3d4_e5f6g7h8',
        connect: 'http://localhost:8080/ghost/talk/incoming?visitor=gv_a1b2c3d4_e5f6g7h8',
      },
    })
  })

  test('encodes a visitor id so that a link cannot lead elsewhere', () => {
    const ghostVid = 'gv_/../x?a=b&c#d e"<>%é'
    const { links } = built(documentedVisitor({ ghostVid })) as unknown as { links: Record<string, string> }
    const profile = new URL(links['profile'] ?? '')
    const connect = new URL(links['connect'] ?? '')
    expect(profile.pathname.split('/').length).toBe(3)
    expect(decodeURIComponent(profile.pathname.slice('/visitor/'.length))).toBe(ghostVid)
    expect([profile.search, profile.hash, connect.hash]).toEqual(['', '', ''])
    expect([...connect.searchParams]).toEqual([['visitor', ghostVid]])
  })

  test('writes times with milliseconds in UTC, also those that have none', () => {
    const exportedAt = new Date('2026-03-10T18:18:00+01:00')
    expect(built(documentedVisitor(), documentedOptions({ exportedAt }))).toMatchObject({
      exported_at: '2026-03-10T17:18:00.000Z',
    })
  })

  test('says null for a time that is none', () => {
    const body = built(documentedVisitor({ firstSeen: new Date(Number.NaN) }))
    expect(body).toMatchObject({ engagement: { first_seen: null, last_seen: '2026-03-10T17:14:22.000Z' } })
  })

  test('takes texts as they are, Markdown, markup and all', () => {
    const city = '<b>*Aus|tin*</b> & “Köln” 東京'
    expect(built(documentedVisitor({ city }))).toMatchObject({ location: { city } })
  })

  test('replaces lone surrogates, which no receiver could read', () => {
    const body = built(documentedVisitor({ city: 'a\ud800b', ghostVid: 'gv_\udc00' }))
    expect(body).toMatchObject({ ghost_vid: 'gv_\ufffd', location: { city: 'a\ufffdb' } })
  })

  test('cuts what is longer than any address, not in the middle of an emoji', () => {
    const page = `${'x'.repeat(8_190)}👩‍👩‍👧‍👦 and more`
    const body = built(documentedVisitor({ recentEvents: [documentedEvent({ page })] }))
    expect(body).toMatchObject({ recent_events: [{ page: 'x'.repeat(8_190) }] })
  })

  test('keeps a text of exactly the greatest length', () => {
    const page = 'é'.repeat(8_192)
    expect(built(documentedVisitor({ recentEvents: [documentedEvent({ page })] }))).toMatchObject({
      recent_events: [{ page }],
    })
  })
})

describe('a request to a custom receiver', () => {
  test('goes to the address as it was given, without further headers', () => {
    const url = new URL('https://example.com/hooks/leads?wait=false')
    expect(customDestination.prepareRequest(url)).toEqual({ url: new URL(url), headers: {} })
  })

  test('carries the webhook id, and may be repeated', () => {
    expect(customDestination.traits).toMatchObject({ signed: true, repeatable: true })
  })
})

describe('the answer of a custom receiver', () => {
  test('is judged by its status alone', () => {
    expect(brief(verdictOn(customDestination, 200, { success: false, errors: ['no'] }))).toBe('delivered')
    expect(brief(verdictOn(customDestination, 500, 'rate_limited'))).toBe('retry receiver_error')
    expect(brief(verdictOn(customDestination, 400, 'rate_limited'))).toBe('give_up bad_request')
  })

  test('is delivered even where its body breaks off', () => {
    const verdict = customDestination.judgeResponse(
      { ...httpResponse(200, 'half an ans'), bodyEnd: 'reset' },
      now,
    )
    expect(verdict).toEqual({ decision: 'delivered', receipt: null })
  })
})
