import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Credentials } from '../../../src/destinations/credentials.ts'
import { mappingProblems } from '../../../src/destinations/check-destination.ts'
import type { MappedField, Mapping } from '../../../src/destinations/mapping/mapping.ts'
import { profilePaths } from '../../../src/destinations/mapping/profile-paths.ts'
import { destinationOf, webhookTypes, type WebhookType } from '../../../src/destinations/registry.ts'
import type { VisitorProfile } from '../../../src/visitors/visitor-profile.ts'
import { documentedOptions, documentedVisitor } from '../../visitors/visitor-factory.ts'
import { embedProblems } from '../discord/embed-rules.ts'
import { hostileVisitor } from '../hostile-text.ts'
import { verdictOn } from '../response-factory.ts'
import { blockKitProblems } from '../slack/block-kit-rules.ts'

const token: Credentials = { kind: 'access_token', access_token: 'a' }
const app: Credentials = { kind: 'client_credentials', client_id: 'a', client_secret: 'b' }

function build(
  type: WebhookType,
  mapping: Mapping,
  visitor: Partial<VisitorProfile> = {},
  credentials: Credentials | null = null,
): Record<string, unknown> {
  const destination = destinationOf(type, credentials, {}, mapping)
  const body = destination.buildBody(documentedVisitor(visitor), documentedOptions())
  return JSON.parse(JSON.stringify(body)) as Record<string, unknown>
}

/** The value of one mapped key. */
const valueOf = (field: MappedField, visitor: Partial<VisitorProfile> = {}): unknown =>
  build('custom', { fields: [{ to: 'x', ...field }] }, visitor)['x']

describe('the value of a field', () => {
  const traits = {
    plan: 'Pro',
    'a.b': 1,
    nested: { size: 3 },
    tags: ['x', 2],
    since: '2026-01-02',
    on: false,
  }

  test.each<[MappedField, unknown]>([
    [{ from: 'score' }, 65],
    [{ from: 'email' }, 'jane@example.com'],
    [{ from: 'location' }, 'Austin, United States'],
    [{ from: 'last_seen' }, '2026-03-10T17:14:22.000Z'],
    [{ from: 'last_seen', date: 'date' }, '2026-03-10'],
    [{ from: 'last_seen', date: 'unix' }, 1_773_162_862],
    [{ from: 'last_seen', date: 'unix_ms' }, 1_773_162_862_000],
    [{ from: 'last_page' }, '/pricing'],
    [{ from: 'profile_url' }, 'https://analytics.ghostid.ai/visitor/gv_a1b2c3d4_e5f6g7h8'],
    [{ from: 'company' }, null],
    [{ from: 'company', default: 'none' }, 'none'],
    [{ from: 'company', default: false }, false],
    [{ join: ['city', 'company', 'score'] }, 'Austin 65'],
    [{ join: ['city', 'country'], separator: '/' }, 'Austin/United States'],
    [{ join: ['company'], default: '-' }, '-'],
    [{ value: 7 }, 7],
    [{ from: 'traits.plan', lower: true }, 'pro'],
    [{ from: 'traits.a.b' }, 1],
    [{ from: 'traits.nested.size' }, 3],
    [{ from: 'traits.tags' }, ['x', 2]],
    [{ from: 'traits.since', date: 'unix' }, 1_767_312_000],
    [{ from: 'traits.plan', date: 'date' }, null],
    [{ from: 'traits.on' }, false],
    [{ from: 'traits.constructor' }, null],
    [{ from: 'traits.__proto__' }, null],
  ])('%j is %j', (field, value) => expect(valueOf(field, { traits })).toEqual(value))

  test.each([null, undefined, 'text', 7, ['a']])('is unknown in traits that are %j', (odd) => {
    expect(valueOf({ from: 'traits.plan', default: 'none' }, { traits: odd })).toBe('none')
  })

  test('is unknown where it has no visible character', () => {
    expect(valueOf({ from: 'name', default: 'nobody' }, { name: ' \u200b' })).toBe('nobody')
  })
})

describe('a custom payload', () => {
  test('has the chosen keys alone, in inner objects where a name has a dot', () => {
    const fields = [
      { to: 'person.mail', from: 'email' },
      { to: 'person.id', from: 'ghost_vid' },
      { to: 'events', from: 'recent_events' },
    ]
    expect(build('custom', { fields })).toEqual({
      person: { mail: 'jane@example.com', id: 'gv_a1b2c3d4_e5f6g7h8' },
      events: [{ type: 'pageview', page: '/pricing', timestamp: '2026-03-10T17:14:22.000Z' }],
    })
  })

  test('has the documented keys, too, on request', () => {
    const body = build('custom', { documented_fields: true, fields: [{ to: 'location.zip', value: '1010' }] })
    expect(body).toMatchObject({
      ghost_vid: 'gv_a1b2c3d4_e5f6g7h8',
      location: { country: 'United States', city: 'Austin', zip: '1010' },
    })
  })
})

describe('a record', () => {
  test('keeps the documented fields, and a mapped field replaces one of them', () => {
    const body = build('hubspot', { fields: [{ to: 'city', value: 'Wien' }] }, {}, token)
    expect(body['properties']).toMatchObject({ city: 'Wien', ghost_score: '65' })
  })

  test('has the visitor id and the mapped fields alone where the documented ones are switched off', () => {
    const mapping = { documented_fields: false, fields: [{ to: 'Score__c', from: 'score' }] }
    expect(build('salesforce', mapping, {}, app)).toEqual({
      Ghost_Visitor_ID__c: 'gv_a1b2c3d4_e5f6g7h8',
      Score__c: 65,
    })
  })

  test('is written as the policies say: first only what every export writes', () => {
    const mapping: Mapping = {
      documented_fields: false,
      fields: [
        { to: 'lead_score', from: 'score' },
        { to: 'phone', value: '1', when: 'empty' },
        { to: 'owner', value: '2', when: 'create' },
        { to: 'city', from: 'city' },
        { to: 'country', from: 'country', when: 'always' },
      ],
    }
    const destination = destinationOf('hubspot', token, {}, mapping)
    const payload = JSON.stringify(destination.buildBody(documentedVisitor(), documentedOptions()))
    const { body = '' } = destination.prepareRequest(new URL('https://api.hubapi.com'), '', payload)
    const [input] = (JSON.parse(body) as { inputs: { properties: object }[] }).inputs
    expect(Object.keys(input?.properties ?? {})).toEqual(['ghost_visitor_id', 'lead_score', 'country'])
  })
})

test('the failure of a mapped property names it, and no other text of the response', () => {
  const mapping = { fields: [{ to: 'lead_score', from: 'score' }] }
  const body = (name: string): object => ({
    category: 'VALIDATION_ERROR',
    errors: [{ code: 'PROPERTY_DOESNT_EXIST', context: { propertyName: [name] } }],
  })
  const remedyFor = (name: string): unknown =>
    verdictOn(destinationOf('hubspot', token, {}, mapping), 400, body(name))
  expect(remedyFor('lead_score')).toMatchObject({
    failure: { remedy: expect.stringContaining('lead_score') },
  })
  expect(JSON.stringify(remedyFor('hunter2'))).not.toContain('hunter2')
})

/** Every path and the settings that any type may have. */
function anyMapping(type: WebhookType): fc.Arbitrary<Mapping> {
  const path = fc.constantFrom(...profilePaths, 'traits.plan', 'traits.deep.er')
  const source: fc.Arbitrary<MappedField> = fc.oneof(
    fc.record({ from: path }),
    fc.record({
      from: fc.constantFrom('first_seen', 'last_seen'),
      date: fc.constantFrom('iso', 'date', 'unix'),
    }),
    fc.record({
      join: fc.array(path, { minLength: 1, maxLength: 10 }),
      separator: fc.constantFrom('', ' ', '\n'),
    }),
    fc.record({ value: fc.oneof(fc.string(), fc.double(), fc.boolean()) }),
  )
  const extras = fc.record({ default: fc.string({ maxLength: 1_000 }) }, { requiredKeys: [] })
  const name = { custom: 'a.b', hubspot: 'field', salesforce: 'Field__c', slack: 'Label', discord: 'Label' }[
    type
  ]
  const field = fc.tuple(source, extras).map(([one, more]) => ('value' in one ? one : { ...one, ...more }))
  const max = type === 'slack' ? 10 : 25
  const fields = fc
    .array(field, { minLength: 1, maxLength: max })
    .map((all) => all.map((one, index) => ({ ...one, to: name.replace(/^(\w)/, `$1${index}_`) })))
  if (type !== 'slack' && type !== 'discord') return fc.record({ fields, documented_fields: fc.boolean() })
  return fc.record({
    fields,
    title: fc.string({ minLength: 1, maxLength: 150 }).map((text) => `T${text}`.slice(0, 150)),
    language: fc.constantFrom('en', 'de', 'fr', 'es'),
    profile_link: fc.boolean(),
  })
}

function limitsOf(type: WebhookType): ((body: unknown) => string[]) | null {
  if (type === 'slack') return blockKitProblems
  return type === 'discord' ? embedProblems : null
}

describe.each(webhookTypes)('any accepted mapping for %s', (type) => {
  const credentials = { hubspot: token, salesforce: app, custom: null, slack: null, discord: null }[type]
  const withTraits = fc
    .tuple(hostileVisitor(), fc.jsonValue())
    .map(([visitor, plan]): VisitorProfile => ({ ...visitor, traits: { plan, deep: plan } }))

  test('builds a well-formed payload within the limits of the tool, whatever the visitor is', () => {
    fc.assert(
      fc.property(anyMapping(type), withTraits, (mapping, visitor) => {
        fc.pre(mappingProblems(type, mapping, credentials !== null).length === 0)
        const destination = destinationOf(type, credentials, {}, mapping)
        const body = JSON.parse(JSON.stringify(destination.buildBody(visitor, documentedOptions()))) as object
        expect(JSON.stringify(body).isWellFormed()).toBe(true)
        expect(limitsOf(type)?.(withoutLink(body)) ?? []).toEqual([])
      }),
      { numRuns: 100 },
    )
  })
})

/** The rules of the documented messages know no links. */
function withoutLink(body: object): object {
  const { blocks, embeds } = body as { blocks?: { text?: { type: string } }[]; embeds?: object[] }
  if (blocks === undefined && embeds === undefined) return body
  if (blocks) return { ...body, blocks: blocks.filter(({ text }) => text?.type !== 'mrkdwn') }
  const withoutAddress = (embed: object): object =>
    Object.fromEntries(Object.entries(embed).filter(([key]) => key !== 'url' && key !== 'description'))
  return { ...body, embeds: (embeds ?? []).map(withoutAddress) }
}

describe('a mapping is refused', () => {
  const hubspotField = (field: MappedField): [WebhookType, Mapping] => ['hubspot', { fields: [field] }]
  const customField = (field: MappedField): [WebhookType, Mapping] => ['custom', { fields: [field] }]

  test.each<[string, [WebhookType, Mapping], string]>([
    ['with an unknown path', customField({ to: 'a', from: 'password' }), 'mapping.fields.0.from'],
    ['with a path of no trait', customField({ to: 'a', from: 'traits.' }), 'mapping.fields.0.from'],
    ['with two sources', customField({ to: 'a', from: 'name', value: 1 }), 'mapping.fields.0.from'],
    ['without a source', customField({ to: 'a' }), 'mapping.fields.0.from'],
    ['without a name', customField({ from: 'name' }), 'mapping.fields.0.to'],
    ['with a key of a prototype', customField({ to: 'a.__proto__', from: 'name' }), 'mapping.fields.0.to'],
    [
      'with a name that the tool cannot have',
      hubspotField({ to: 'Lead Score', from: 'score' }),
      'mapping.fields.0.to',
    ],
    [
      'with the id of the record',
      hubspotField({ to: 'ghost_visitor_id', value: 'x' }),
      'mapping.fields.0.to',
    ],
    ['with a list in a record', hubspotField({ to: 'a', from: 'journey' }), 'mapping.fields.0.from'],
    [
      'with when outside a CRM',
      customField({ to: 'a', from: 'name', when: 'empty' }),
      'mapping.fields.0.when',
    ],
    [
      'with a date of a number',
      customField({ to: 'a', from: 'score', date: 'iso' }),
      'mapping.fields.0.date',
    ],
    [
      'with lower of a time',
      customField({ to: 'a', from: 'last_seen', lower: true }),
      'mapping.fields.0.lower',
    ],
    ['with a title in a record', ['hubspot', { title: 'x' }], 'mapping.title'],
    [
      'with documented fields in a message',
      ['slack', { documented_fields: true }],
      'mapping.documented_fields',
    ],
    ['with a title that is too long', ['slack', { title: 'x'.repeat(151) }], 'mapping.title'],
    [
      'with too many fields',
      ['slack', { fields: Array.from({ length: 11 }, () => ({ from: 'name' })) }],
      'mapping.fields',
    ],
    [
      'with a name inside another',
      [
        'custom',
        {
          fields: [
            { to: 'a', from: 'name' },
            { to: 'a.b', from: 'score' },
          ],
        },
      ],
      'mapping.fields.1.to',
    ],
  ])('%s', (_what, [type, mapping], field) => {
    expect(mappingProblems(type, mapping, type === 'hubspot').map((one) => one.field)).toEqual([field])
  })
})

describe('a mapping is checked against the CRM', () => {
  const answered = (body: object) => ({
    kind: 'answered' as const,
    status: 200,
    headers: {},
    body: JSON.stringify(body),
    bodyBytes: 0,
    bodyEnd: 'complete' as const,
  })

  test.each<[MappedField, string[]]>([
    [{ to: 'lead_score', from: 'score' }, []],
    [{ to: 'missing', from: 'score' }, ['mapping.fields.0.to']],
    [{ to: 'locked', from: 'score' }, ['mapping.fields.0.to']],
    [{ to: 'stage', value: 'lead' }, []],
    [{ to: 'stage', value: 'nonsense' }, ['mapping.fields.0.value']],
    [{ to: 'lead_score', from: 'name' }, ['mapping.fields.0.to']],
    [{ to: 'lead_score', from: 'traits.score', default: 0 }, []],
  ])('HubSpot: %j', (field, problems) => {
    const results = [
      { name: 'lead_score', type: 'number' },
      { name: 'locked', type: 'string', modificationMetadata: { readOnlyValue: true } },
      { name: 'stage', type: 'enumeration', options: [{ value: 'lead' }] },
    ]
    const { setup } = destinationOf('hubspot', token)
    const found = setup?.mappingProblemsIn(answered({ results }), { fields: [field] }) ?? []
    expect(found.map((one) => one.field)).toEqual(problems)
  })

  test.each<[MappedField, string[]]>([
    [{ to: 'Score__c', from: 'score' }, []],
    [{ to: 'Score__c', from: 'name' }, ['mapping.fields.0.to']],
    [{ to: 'Missing__c', from: 'score' }, ['mapping.fields.0.to']],
    [{ to: 'Text__c', from: 'score' }, ['mapping.fields.0.to']],
    [{ to: 'Text__c', join: ['score'] }, []],
    [{ to: 'Text__c', value: 'longer than ten' }, ['mapping.fields.0.value']],
    [{ to: 'Once__c', from: 'name' }, ['mapping.fields.0.to']],
    [{ to: 'Once__c', from: 'name', when: 'create' }, []],
    [{ to: 'LeadSource', value: 'Web' }, []],
    [{ to: 'LeadSource', value: 'Webb' }, ['mapping.fields.0.value']],
  ])('Salesforce: %j', (field, problems) => {
    const rights = { createable: true, updateable: true }
    const fields = [
      { name: 'Score__c', type: 'double', ...rights },
      { name: 'Text__c', type: 'string', length: 10, ...rights },
      { name: 'Once__c', type: 'string', length: 255, createable: true, updateable: false },
      {
        name: 'LeadSource',
        type: 'picklist',
        restrictedPicklist: true,
        picklistValues: [{ value: 'Web', active: true }],
        ...rights,
      },
    ]
    const { setup } = destinationOf('salesforce', app)
    const found = setup?.mappingProblemsIn(answered({ fields }), { fields: [field] }) ?? []
    expect(found.map((one) => one.field)).toEqual(problems)
  })
})
