import { describe, expect, test } from 'vitest'
import { hubspotDestination } from '../../../src/destinations/hubspot/hubspot.ts'
import { anonymousVisitor, documentedOptions, documentedVisitor } from '../../visitors/visitor-factory.ts'
import { contractExamples, wireForm } from '../contract-examples.ts'

function properties(visitor = documentedVisitor()): Record<string, unknown> {
  const body = hubspotDestination.buildBody(visitor, documentedOptions()) as {
    properties: Record<string, unknown>
  }
  return body.properties
}

describe('the HubSpot payload', () => {
  test('equals the contract’s example, key for key and in its order', () => {
    const body = hubspotDestination.buildBody(documentedVisitor(), documentedOptions())
    expect(JSON.stringify(body)).toBe(wireForm(contractExamples.hubspot))
  })

  test('does not change with the flags', () => {
    const bare = documentedOptions({ includeJourney: false, includeEvents: false })
    expect(hubspotDestination.buildBody(documentedVisitor(), bare)).toEqual(
      hubspotDestination.buildBody(documentedVisitor(), documentedOptions()),
    )
  })

  test('has the same keys for an anonymous visitor, with empty texts', () => {
    const anonymous = properties(anonymousVisitor())
    expect(Object.keys(anonymous)).toEqual(Object.keys(properties()))
    expect(anonymous).toMatchObject({ email: '', city: '', country: '' })
  })

  test('has nothing but texts as values', () => {
    for (const visitor of [documentedVisitor(), anonymousVisitor({ score: 0, totalSessions: 0 })]) {
      expect(Object.values(properties(visitor)).every((value) => typeof value === 'string')).toBe(true)
    }
  })

  test.each(['crm-4711', 'jane@', 'jane@localhost', 'a b@example.com', 'jane@example.com, joe@example.com'])(
    'has no e-mail address for the user id %j',
    (identifiedUserId) => {
      expect(properties(documentedVisitor({ identifiedUserId }))['email']).toBe('')
    },
  )

  test('writes numbers without grouping or fractions of their own', () => {
    const visitor = documentedVisitor({ score: 0, totalSessions: 1_234_567, totalPageviews: 2_147_483_647 })
    expect(properties(visitor)).toMatchObject({
      ghost_score: '0',
      ghost_sessions: '1234567',
      ghost_pageviews: '2147483647',
    })
  })

  test('writes an invalid time as an empty text', () => {
    expect(properties(documentedVisitor({ lastSeen: new Date(Number.NaN) }))['ghost_last_seen']).toBe('')
  })

  test('writes a place in one line', () => {
    expect(properties(documentedVisitor({ city: ' New\n\tYork\u0000 ' }))['city']).toBe('New York')
  })
})

describe('a request to HubSpot', () => {
  test('goes to the given URL, and is repeatable', () => {
    const url = new URL('https://api-eu1.hubapi.com/automation/v4/webhook-triggers/1/abc')
    expect(hubspotDestination.prepareRequest(url)).toEqual({ url: new URL(url), headers: {} })
    expect(hubspotDestination.traits).toMatchObject({ signed: false, repeatable: true })
  })
})
