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
  test('equals the contract’s example, key for key and in its order', () => {
    const body = customDestination.buildBody(documentedVisitor(), documentedOptions())
    expect(JSON.stringify(body)).toBe(wireForm(contractExamples.custom))
  })

  test('omits only the journey if the request excludes it', () => {
    const body = built(documentedVisitor(), documentedOptions({ includeJourney: false }))
    const { journey: _, ...rest } = built(documentedVisitor())
    expect(JSON.stringify(body)).toBe(JSON.stringify(rest))
  })

  test('omits only the recent events if the request excludes them', () => {
    const body = built(documentedVisitor(), documentedOptions({ includeEvents: false }))
    const { recent_events: _, ...rest } = built(documentedVisitor())
    expect(JSON.stringify(body)).toBe(JSON.stringify(rest))
  })

  test('omits both if the request excludes both', () => {
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

  test('has null for the unknown values of an anonymous visitor, under the same keys', () => {
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

  test.each(['', '   ', '\t', '\u200b', '\u3164'])('has null for a place stored as %j', (nothing) => {
    expect(built(documentedVisitor({ city: nothing, country: nothing }))).toMatchObject({
      location: { country: null, city: null },
    })
  })

  test('keeps an identified user id that is not an e-mail address', () => {
    expect(built(documentedVisitor({ identifiedUserId: 'crm-4711' }))).toMatchObject({
      status: 'identified',
      identified_user_id: 'crm-4711',
    })
  })

  test('has null for the end of a running session and for unknown pages', () => {
    const journey = [documentedSession({ endedAt: null, entryPage: null, exitPage: null, referrer: null })]
    const recentEvents = [documentedEvent({ type: 'identify', page: null })]
    const body = built(documentedVisitor({ journey, recentEvents }))
    expect(body).toMatchObject({
      journey: [{ ended_at: null, entry_page: null, exit_page: null, referrer: null }],
      recent_events: [{ type: 'identify', page: null }],
    })
  })

  test('contains at most the first ten sessions and twenty events, in their order', () => {
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

  test('encodes a visitor id so that a link cannot point elsewhere', () => {
    const ghostVid = 'gv_/../x?a=b&c#d e"<>%é'
    const { links } = built(documentedVisitor({ ghostVid })) as unknown as { links: Record<string, string> }
    const profile = new URL(links['profile'] ?? '')
    const connect = new URL(links['connect'] ?? '')
    expect(profile.pathname.split('/').length).toBe(3)
    expect(decodeURIComponent(profile.pathname.slice('/visitor/'.length))).toBe(ghostVid)
    expect([profile.search, profile.hash, connect.hash]).toEqual(['', '', ''])
    expect([...connect.searchParams]).toEqual([['visitor', ghostVid]])
  })

  test('writes every time in UTC with milliseconds', () => {
    const exportedAt = new Date('2026-03-10T18:18:00+01:00')
    expect(built(documentedVisitor(), documentedOptions({ exportedAt }))).toMatchObject({
      exported_at: '2026-03-10T17:18:00.000Z',
    })
  })

  test('has null for an invalid time', () => {
    const body = built(documentedVisitor({ firstSeen: new Date(Number.NaN) }))
    expect(body).toMatchObject({ engagement: { first_seen: null, last_seen: '2026-03-10T17:14:22.000Z' } })
  })

  test('does not change texts, not even Markdown or markup', () => {
    const city = '<b>*Aus|tin*</b> & “Köln” 東京'
    expect(built(documentedVisitor({ city }))).toMatchObject({ location: { city } })
  })

  test('replaces lone surrogates, which receivers cannot decode', () => {
    const body = built(documentedVisitor({ city: 'a\ud800b', ghostVid: 'gv_\udc00' }))
    expect(body).toMatchObject({ ghost_vid: 'gv_\ufffd', location: { city: 'a\ufffdb' } })
  })

  test('clips an overlong text, never inside an emoji', () => {
    const page = `${'x'.repeat(8_190)}👩‍👩‍👧‍👦 and more`
    const body = built(documentedVisitor({ recentEvents: [documentedEvent({ page })] }))
    expect(body).toMatchObject({ recent_events: [{ page: 'x'.repeat(8_190) }] })
  })

  test('keeps a text of exactly the maximum length', () => {
    const page = 'é'.repeat(8_192)
    expect(built(documentedVisitor({ recentEvents: [documentedEvent({ page })] }))).toMatchObject({
      recent_events: [{ page }],
    })
  })
})

describe('a request to a custom receiver', () => {
  test('goes to the given URL, without extra headers', () => {
    const url = new URL('https://example.com/hooks/leads?wait=false')
    expect(customDestination.prepareRequest(url)).toEqual({ url: new URL(url), headers: {} })
  })

  test('has the webhook id, and is repeatable', () => {
    expect(customDestination.traits).toMatchObject({ signed: true, repeatable: true })
  })
})

describe('the response of a custom receiver', () => {
  test('is judged by its status alone', () => {
    expect(brief(verdictOn(customDestination, 200, { success: false, errors: ['no'] }))).toBe('delivered')
    expect(brief(verdictOn(customDestination, 500, 'rate_limited'))).toBe('retry receiver_error')
    expect(brief(verdictOn(customDestination, 400, 'rate_limited'))).toBe('give_up bad_request')
  })

  test('means delivered even if its body breaks off', () => {
    const verdict = customDestination.judgeResponse(
      { ...httpResponse(200, 'half an ans'), bodyEnd: 'reset' },
      now,
    )
    expect(verdict).toEqual({ decision: 'delivered', receipt: null })
  })
})
