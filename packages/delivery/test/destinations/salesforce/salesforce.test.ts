import { describe, expect, test } from 'vitest'
import { salesforceDestination } from '../../../src/destinations/salesforce/salesforce.ts'
import type { VisitorProfile } from '../../../src/visitors/visitor-profile.ts'
import { anonymousVisitor, documentedOptions, documentedVisitor } from '../../visitors/visitor-factory.ts'
import { contractExamples, wireForm } from '../contract-examples.ts'

const leadUrl = 'https://ghost.my.salesforce.com/services/data/v66.0/sobjects/Lead'

function built(visitor: VisitorProfile, receiverUrl = 'https://example.com/hooks'): Record<string, unknown> {
  const options = documentedOptions({ receiverUrl: new URL(receiverUrl) })
  return salesforceDestination.buildBody(visitor, options) as Record<string, unknown>
}

describe('the Salesforce payload', () => {
  test('equals the contract’s example, key for key and in its order', () => {
    expect(JSON.stringify(built(documentedVisitor()))).toBe(wireForm(contractExamples.salesforce))
  })

  test('does not change with the flags', () => {
    const bare = documentedOptions({ includeJourney: false, includeEvents: false })
    expect(salesforceDestination.buildBody(documentedVisitor(), bare)).toEqual(built(documentedVisitor()))
  })

  test('has null for the unknown values of an anonymous visitor, under the same keys', () => {
    const body = built(anonymousVisitor())
    expect(body).toMatchObject({ Email: null, City: null, Country: null })
    expect(Object.keys(body)).toEqual(Object.keys(built(documentedVisitor())))
  })

  test('has null for an invalid e-mail address, and for one that is too long for the field', () => {
    const long = `jane@${'a'.repeat(60)}.${'b'.repeat(20)}.com`
    expect(built(documentedVisitor({ identifiedUserId: 'crm-4711' }))['Email']).toBeNull()
    expect(built(documentedVisitor({ identifiedUserId: long }))['Email']).toBeNull()
  })

  test('keeps an e-mail address of exactly 80 characters', () => {
    const email = `${'j'.repeat(16)}@${'a'.repeat(59)}.com`
    expect(email.length).toBe(80)
    expect(built(documentedVisitor({ identifiedUserId: email }))['Email']).toBe(email)
  })

  test('clips a city to 40 and a country to 80 characters, never inside an emoji', () => {
    const body = built(documentedVisitor({ city: `${'c'.repeat(39)}👩‍🚀`, country: 'd'.repeat(81) }))
    expect(body).toMatchObject({ City: 'c'.repeat(39), Country: 'd'.repeat(80) })
  })

  test('has numbers as numbers', () => {
    const body = built(documentedVisitor({ score: 0 }))
    expect([body['Ghost_Score__c'], body['Ghost_Sessions__c'], body['Ghost_Pageviews__c']]).toEqual([
      0, 3, 11,
    ])
  })
})

describe('the Salesforce payload for the Lead endpoint', () => {
  test('adds LastName and Company after the documented keys', () => {
    const documented = JSON.parse(contractExamples.salesforce)
    const expected = { ...documented, LastName: 'Jane Doe', Company: 'Example Ltd' }
    const body = built(documentedVisitor({ name: 'Jane Doe', company: 'Example Ltd' }), leadUrl)
    expect(JSON.stringify(body)).toBe(JSON.stringify(expected))
  })

  test.each([
    leadUrl,
    `${leadUrl}/`,
    `${leadUrl}?a=b`,
    'https://ghost.my.salesforce.com/services/data/v58.0/sobjects/lead',
    'http://127.0.0.1:4000/services/data/v66.0/sobjects/Lead',
  ])('adds them for %s', (url) => {
    expect(built(documentedVisitor(), url)).toHaveProperty('LastName')
  })

  test.each([
    'https://example.com/hooks',
    'https://ghost.my.salesforce-sites.com/services/apexrest/Lead',
    'https://ghost.my.salesforce.com/services/data/v66.0/sobjects/LeadStatus',
    'https://ghost.my.salesforce.com/services/data/v66.0/sobjects/Contact',
    'https://ghost.my.salesforce.com/services/data/v66.0/sobjects/Lead/Ghost_Visitor_ID__c/gv_1',
    'https://example.com/?next=/services/data/v66.0/sobjects/Lead',
    'https://example.com/proxy/services/data/v66.0/sobjects/Lead',
  ])('does not add them for %s', (url) => {
    expect(Object.keys(built(documentedVisitor({ name: 'Jane', company: 'Ltd' }), url))).toEqual(
      Object.keys(JSON.parse(contractExamples.salesforce)),
    )
  })

  test.each<[string, Partial<VisitorProfile>, string]>([
    ['the name', { name: 'Jane Doe' }, 'Jane Doe'],
    ['the first half of the e-mail address without a name', { name: null }, 'jane'],
    ['the first half of the e-mail address where the name is blank', { name: ' \u200b ' }, 'jane'],
    ['the visitor id if nothing else is known', { identifiedUserId: null }, 'Unknown (gv_a1b2c3d4_e5f6g7h8)'],
    [
      'the visitor id if the user id is not an address',
      { identifiedUserId: 'crm-1' },
      'Unknown (gv_a1b2c3d4_e5f6g7h8)',
    ],
    ['the name in one line', { name: 'Jane\r\nDoe' }, 'Jane Doe'],
    ['80 characters of a long name', { name: 'n'.repeat(500) }, 'n'.repeat(80)],
  ])('uses %s as LastName', (_, changes, lastName) => {
    expect(built(documentedVisitor(changes), leadUrl)['LastName']).toBe(lastName)
  })

  test('closes the bracket around the longest visitor id', () => {
    const body = built(anonymousVisitor({ ghostVid: `gv_${'v'.repeat(128)}` }), leadUrl)
    expect(body['LastName']).toBe(`Unknown (gv_${'v'.repeat(67)})`)
    expect(String(body['LastName']).length).toBe(80)
  })

  test.each([null, '', ' \t', '\u2800'])('has “[not provided]” as the company for %j', (company) => {
    expect(built(documentedVisitor({ company }), leadUrl)['Company']).toBe('[not provided]')
  })

  test('clips a company to 255 characters', () => {
    expect(built(documentedVisitor({ company: 'c'.repeat(256) }), leadUrl)['Company']).toBe('c'.repeat(255))
  })
})

describe('a request to Salesforce', () => {
  test('goes to the given URL, and is repeatable', () => {
    expect(salesforceDestination.prepareRequest(new URL(leadUrl))).toEqual({
      url: new URL(leadUrl),
      headers: {},
    })
    expect(salesforceDestination.traits).toMatchObject({ signed: false, repeatable: true })
  })
})
