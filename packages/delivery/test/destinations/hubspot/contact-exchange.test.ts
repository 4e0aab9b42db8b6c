import { describe, expect, test } from 'vitest'
import { hubspotCrm } from '../../../src/destinations/hubspot/hubspot-crm.ts'
import type { DestinationOptions } from '../../../src/destinations/destination-options.ts'
import type { VisitorProfile } from '../../../src/visitors/visitor-profile.ts'
import { documentedVisitor } from '../../visitors/visitor-factory.ts'
import { playExchange, type PlayedExchange, type Respond } from '../play-exchange.ts'
import { brief } from '../response-factory.ts'

const receiverUrl = new URL('https://api-eu1.hubapi.com/crm/v3/objects/contacts')

function play(
  respond: Respond,
  visitor: Partial<VisitorProfile> = {},
  options: DestinationOptions = {},
  earlierId: string | null = null,
): PlayedExchange {
  const destination = hubspotCrm({ kind: 'access_token', access_token: 'pat-1' }, options)
  const earlier = earlierId === null ? null : { type: 'contact', id: earlierId, link: null }
  return playExchange(destination, receiverUrl, documentedVisitor(visitor), respond, earlier)
}

interface Contact {
  id: string
  properties: Record<string, unknown>
}

type UpsertBody = { inputs?: { properties: Record<string, string> }[]; properties?: Record<string, string> }

function propertiesOf(body: unknown): Record<string, string> {
  const { inputs, properties } = body as UpsertBody
  return inputs?.[0]?.properties ?? properties ?? {}
}

/** An account with one contact or none. Its responses repeat only the properties of the request. */
function account(
  contact: Contact | null,
  refuse: (properties: Record<string, string>) => object[] = () => [],
): Respond {
  let stored = contact
  return (line, body) => {
    if (line.startsWith('GET')) return [200, stored]
    const properties = propertiesOf(body)
    const problems = refuse(properties)
    if (problems.length > 0) return [400, { category: 'VALIDATION_ERROR', message: 'x', errors: problems }]
    const isNew = stored === null
    const { email, firstname, lastname } = properties
    if (isNew && [email, firstname, lastname].every((value) => value === undefined))
      return [400, { category: 'VALIDATION_ERROR', message: 'Some required properties were not set.' }]
    stored ??= { id: '101', properties: {} }
    Object.assign(stored.properties, properties)
    const result = { id: stored.id, properties, new: isNew }
    return [200, line.startsWith('PATCH') ? result : { status: 'COMPLETE', results: [result] }]
  }
}

const refusal = (code: string, name: string) => ({ code, context: { propertyName: [name] } })

describe('an existing contact', () => {
  const entered = { firstname: 'Ann', lastname: 'Lee-Smith', city: 'Berlin', country: 'Germany' }

  test('keeps the values that people entered', () => {
    const contact = { id: '7', properties: { ...entered } }
    const { verdict } = play(account(contact), { name: 'Ann Lee' })
    expect(contact.properties).toMatchObject({ ...entered, ghost_score: '65' })
    expect(brief(verdict)).toBe('delivered 7')
  })

  test('gets the values of its empty properties', () => {
    const contact = { id: '7', properties: { ...entered, city: '', lastname: null } }
    play(account(contact), { name: 'Ann Lee' })
    expect(contact.properties).toMatchObject({ ...entered, city: 'Austin', lastname: 'Lee' })
  })

  test('is written as the policies of its properties say', () => {
    const contact = { id: '7', properties: { ...entered, country: '' } }
    play(account(contact), {}, { fields: { city: 'always', country: 'create' } })
    expect(contact.properties).toMatchObject({ city: 'Austin', country: '' })
  })

  test('is named with its type, id and page', () => {
    const { verdict } = play(account({ id: '7', properties: { ...entered } }))
    expect(verdict).toMatchObject({
      record: { type: 'contact', id: '7', link: 'https://app-eu1.hubspot.com/l/contacts/record/0-1/7' },
    })
  })

  test('is named with the page that HubSpot names', () => {
    const url = 'https://app-eu1.hubspot.com/contacts/4242424/record/0-1/7'
    const { verdict } = play(() => [200, { status: 'COMPLETE', results: [{ id: '7', url, properties: {} }] }])
    expect(verdict).toMatchObject({ record: { id: '7', link: url } })
    const foreign = play(() => [
      200,
      { status: 'COMPLETE', results: [{ id: '7', url: 'https://evil.example/7' }] },
    ])
    expect(foreign.verdict).toMatchObject({
      record: { link: expect.stringContaining('/l/contacts/record/') },
    })
  })

  test('is found by its secondary address after a merge, and by its id if HubSpot does not know that', () => {
    const conflict = { category: 'CONFLICT', message: 'Contact already exists. Existing ID: 9' }
    const respond: Respond = (line) => {
      if (line.startsWith('POST')) return [409, conflict]
      if (line.includes('idProperty=email')) return [404, { category: 'OBJECT_NOT_FOUND' }]
      return [200, { id: '9', properties: entered }]
    }
    const { lines, verdict } = play(respond)
    expect(lines.slice(1)).toEqual([
      'PATCH /crm/v3/objects/contacts/jane@example.com?idProperty=email',
      'PATCH /crm/v3/objects/contacts/9',
    ])
    expect(brief(verdict)).toBe('delivered 9')
  })
})

describe('the contact of an anonymous visitor that was merged into another one', () => {
  const anonymous = { identifiedUserId: null }
  const nameless = { category: 'VALIDATION_ERROR', message: 'Some required properties were not set.' }

  /** HubSpot refuses to create a nameless contact, and responds to a read of the earlier contact with this. */
  function hubspotWith(read: readonly [number, unknown?]): Respond {
    return (line, body) => {
      if (line.startsWith('GET') && line.includes('properties=ghost_visitor_id')) return read
      if (line.startsWith('POST'))
        return propertiesOf(body)['lastname'] === undefined
          ? [400, nameless]
          : [200, { status: 'COMPLETE', results: [{ id: '101', new: true }] }]
      return [200, { id: '9', properties: { lastname: 'Lee', city: 'Berlin', country: 'Germany' } }]
    }
  }

  test('is updated, and keeps its own visitor id', () => {
    const other = { id: '9', properties: { ghost_visitor_id: 'gv_other' } }
    const { lines, requests, verdict } = play(hubspotWith([200, other]), anonymous, {}, '7')
    expect(lines.slice(0, 3)).toEqual([
      'POST /crm/v3/objects/contacts/batch/upsert',
      'GET /crm/v3/objects/contacts/7?properties=ghost_visitor_id',
      'PATCH /crm/v3/objects/contacts/9',
    ])
    const written = propertiesOf(JSON.parse(requests[2]?.body ?? ''))
    expect(written).toMatchObject({ ghost_score: '65' })
    expect(written).not.toHaveProperty('ghost_visitor_id')
    expect(brief(verdict)).toBe('delivered 9')
  })

  test('gets the visitor id again where a person emptied it', () => {
    const emptied = { id: '9', properties: { ghost_visitor_id: null } }
    const { requests } = play(hubspotWith([200, emptied]), anonymous, {}, '9')
    expect(propertiesOf(JSON.parse(requests[2]?.body ?? ''))).toHaveProperty('ghost_visitor_id')
  })

  test.each<[string, readonly [number, unknown?]]>([
    ['was deleted', [404, { category: 'OBJECT_NOT_FOUND' }]],
    ['may not be read', [403, { category: 'MISSING_SCOPES' }]],
    ['belongs to another visitor now', [200, { id: '7', properties: { ghost_visitor_id: 'gv_other' } }]],
  ])('is created where the earlier one %s', (_what, read) => {
    const { verdict } = play(hubspotWith(read), anonymous, {}, '7')
    expect(brief(verdict)).toBe('delivered 101')
  })

  test('is not created while HubSpot asks to wait', () => {
    const { verdict, lines } = play(hubspotWith([503]), anonymous, {}, '7')
    expect([lines.length, verdict.decision]).toEqual([2, 'retry'])
  })
})

describe('a new contact', () => {
  test('gets all values', () => {
    const { requests } = play(account(null), { name: 'Ann Lee' })
    const all = Object.assign(
      {},
      ...requests.filter(({ body }) => body !== '').map(({ body }) => propertiesOf(JSON.parse(body))),
    )
    expect(all).toMatchObject({ firstname: 'Ann', lastname: 'Lee', city: 'Austin', country: 'United States' })
  })

  test('without an e-mail address has the known name and no placeholder', () => {
    const { requests, verdict } = play(account(null), { identifiedUserId: null, name: 'Ann Lee' })
    expect(propertiesOf(JSON.parse(requests[1]?.body ?? ''))).toMatchObject({
      firstname: 'Ann',
      lastname: 'Lee',
    })
    expect(brief(verdict)).toBe('delivered 101')
  })
})

describe('a value that HubSpot refuses', () => {
  test.each<[string, string]>([
    ['email', 'INVALID_EMAIL'],
    ['country', 'INVALID_OPTION'],
    ['ghost_source', 'READ_ONLY_VALUE'],
    ['ghost_score', 'INVALID_INTEGER'],
    ['city', 'PROPERTY_LENGTH_TOO_LONG'],
  ])('%s (%s) is left out of the same attempt', (name, code) => {
    const refuse = (properties: Record<string, string>): object[] =>
      Object.hasOwn(properties, name) ? [refusal(code, name)] : []
    const { verdict, omitted } = play(account(null, refuse))
    expect(brief(verdict)).toBe('delivered 101')
    expect(omitted).toEqual([`${name} ${code}`])
  })

  test('is found in a message without a list', () => {
    const respond: Respond = (_line, body) =>
      propertiesOf(body)['email'] === undefined
        ? [200, { status: 'COMPLETE', results: [{ id: '1' }] }]
        : [400, { category: 'VALIDATION_ERROR', message: 'Email address jane@example.con is invalid' }]
    expect(play(respond).omitted).toEqual(['email INVALID_EMAIL'])
  })

  test('of a property that does not exist is reported', () => {
    const { verdict } = play(account(null, () => [refusal('PROPERTY_DOESNT_EXIST', 'ghost_score')]))
    expect(brief(verdict)).toBe('give_up hubspot_property_missing')
  })
})
