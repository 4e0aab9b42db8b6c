import { Client } from '@hubspot/api-client'
import {
  PropertyCreateFieldTypeEnum,
  PropertyCreateTypeEnum,
} from '@hubspot/api-client/lib/codegen/crm/properties/models/PropertyCreate.js'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startHubspotFake, type HubspotFake } from '../src/hubspot-fake/hubspot-fake.ts'

let fake: HubspotFake

beforeEach(async () => {
  fake = await startHubspotFake()
  fake.store.properties.set('ghost_visitor_id', {
    name: 'ghost_visitor_id',
    type: 'string',
    hasUniqueValue: true,
  })
})

afterEach(() => fake.stop())

/** HubSpot's own client, without retries. */
function client(accessToken = fake.token): Client {
  return new Client({ accessToken, basePath: fake.url, numberOfApiCallRetries: 0 })
}

interface Refused {
  code: number
  body: {
    category?: string
    message: string
    errors?: { code: string; context: { propertyName: string[] } }[]
  }
}

async function refused(call: Promise<unknown>): Promise<Refused> {
  try {
    await call
  } catch (error) {
    return error as Refused
  }
  throw new Error('the call was not refused')
}

function upsert(id: string, properties: Record<string, string>, idProperty = 'ghost_visitor_id') {
  return client().crm.contacts.batchApi.upsert({ inputs: [{ id, idProperty, properties }] })
}

describe('HubSpot’s own client against the fake', () => {
  test('creates, reads and updates a contact', async () => {
    const { basicApi } = client().crm.contacts
    const created = await basicApi.create({ properties: { email: 'Jane@Example.com' }, associations: [] })
    expect(created.properties['email']).toBe('jane@example.com')
    await basicApi.update(created.id, { properties: { city: 'Austin' } })
    const read = await basicApi.getById('jane@example.com', ['city'], undefined, undefined, false, 'email')
    expect(read).toMatchObject({ id: created.id, properties: { city: 'Austin' } })
    expect(read.createdAt).toBeInstanceOf(Date)
  })

  test('creates by upsert, then updates the same contact', async () => {
    const first = await upsert('gv_1', { lastname: 'Doe' })
    const second = await upsert('gv_1', { city: 'Austin' })
    expect(first).toMatchObject({ status: 'COMPLETE', results: [{ _new: true }] })
    expect(second).toMatchObject({ results: [{ id: first.results[0]?.id, _new: false }] })
    expect(fake.store.contacts.size).toBe(1)
  })

  test('gets the failed inputs of a batch', async () => {
    const inputs = [
      { id: 'gv_1', properties: { lastname: 'Doe' } },
      { id: 'gv_2', properties: { lastname: 'Roe', nonsense: 'x' } },
      { id: 'gv_3', properties: { lastname: 'Moe', email: 'moe' } },
    ].map((input) => ({ ...input, idProperty: 'ghost_visitor_id', objectWriteTraceId: `of ${input.id}` }))
    const batch = await client().crm.contacts.batchApi.upsert({ inputs })
    expect(batch).toMatchObject({
      numErrors: 2,
      errors: [
        { category: 'VALIDATION_ERROR', context: { objectWriteTraceId: ['of gv_2'] } },
        { category: 'VALIDATION_ERROR', context: { objectWriteTraceId: ['of gv_3'] } },
      ],
    })
    expect(batch.results).toMatchObject([{ objectWriteTraceId: 'of gv_1' }])
  })

  test.each([
    ['PROPERTY_DOESNT_EXIST', { nonsense: 'x' }, 'nonsense'],
    ['INVALID_OPTION', { hs_analytics_source: 'GHOST' }, 'hs_analytics_source'],
    ['INVALID_EMAIL', { email: 'jane' }, 'email'],
  ])('is refused with %s', async (code, properties, name) => {
    const error = await refused(
      upsert('gv_1', { lastname: 'Doe', ...(properties as Record<string, string>) }),
    )
    expect(error.code).toBe(400)
    expect(error.body).toMatchObject({
      category: 'VALIDATION_ERROR',
      errors: [{ code, context: { propertyName: [name] } }],
    })
  })

  test('is refused a second contact with an e-mail address, and a contact without any name', async () => {
    const { basicApi } = client().crm.contacts
    const { id } = await basicApi.create({ properties: { email: 'jane@example.com' }, associations: [] })
    const second = await refused(
      basicApi.create({ properties: { email: 'jane@example.com' }, associations: [] }),
    )
    expect(second).toMatchObject({
      code: 409,
      body: { category: 'CONFLICT', message: `Contact already exists. Existing ID: ${id}` },
    })
    expect((await refused(upsert('gv_9', { email: 'jane@example.com' }))).code).toBe(409)
    expect((await refused(upsert('gv_9', { city: 'Austin' }))).code).toBe(400)
  })

  test('is refused with a wrong token and without the scope', async () => {
    const call = (one: Client) =>
      one.crm.contacts.basicApi.create({ properties: { email: 'a@b.cd' }, associations: [] })
    expect((await refused(call(client('pat-other')))).body.category).toBe('INVALID_AUTHENTICATION')
    fake.scopes.delete('crm.objects.contacts.write')
    expect(await refused(call(client()))).toMatchObject({ code: 403, body: { category: 'MISSING_SCOPES' } })
  })

  test('creates a property in a group, once', async () => {
    const { coreApi, groupsApi } = client().crm.properties
    await groupsApi.create('contacts', { name: 'ghost_id', label: 'Ghost ID' })
    const property = {
      name: 'ghost_score',
      label: 'Score',
      type: PropertyCreateTypeEnum.Number,
      fieldType: PropertyCreateFieldTypeEnum.Number,
      groupName: 'ghost_id',
    }
    expect(await coreApi.create('contacts', property)).toMatchObject({ name: 'ghost_score' })
    expect(await refused(coreApi.create('contacts', property))).toMatchObject({
      code: 409,
      body: { category: 'OBJECT_ALREADY_EXISTS' },
    })
    expect((await upsert('gv_1', { lastname: 'Doe', ghost_score: '65' })).results).toHaveLength(1)
    expect((await refused(upsert('gv_1', { ghost_score: 'much' }))).body.errors?.[0]?.code).toBe(
      'INVALID_LONG',
    )
  })

  test('finds a merged contact by its old id and address, with the values that the other lacked', async () => {
    const { basicApi } = client().crm.contacts
    const known = await basicApi.create({ properties: { email: 'jane@example.com' }, associations: [] })
    await upsert('gv_1', { lastname: 'Unknown (gv_1)', city: 'Wien' })
    const other = [...fake.store.contacts.values()].at(-1)
    const kept = fake.store.contacts.get(known.id)
    if (!kept || !other) throw new Error('the contacts are missing')
    fake.store.merge(kept, other)
    const read = await basicApi.getById(other.id, ['city', 'ghost_visitor_id'])
    expect(read).toMatchObject({ id: known.id, properties: { city: 'Wien', ghost_visitor_id: 'gv_1' } })
    await basicApi.update(other.id, { properties: { city: 'Graz' } })
    expect((await upsert('gv_1', { lastname: 'Doe' })).results[0]).toMatchObject({
      id: known.id,
      _new: false,
    })
    expect(kept.properties['city']).toBe('Graz')
  })

  test('is refused a deleted contact and a property that nobody may write', async () => {
    const { basicApi } = client().crm.contacts
    const { id } = await basicApi.create({ properties: { lastname: 'Doe' }, associations: [] })
    fake.store.properties.set('city', { name: 'city', type: 'string', isReadOnly: true })
    const readOnly = await refused(basicApi.update(id, { properties: { city: 'Wien' } }))
    expect(readOnly.body.errors?.[0]?.code).toBe('READ_ONLY_VALUE')
    fake.store.contacts.delete(id)
    expect((await refused(basicApi.update(id, { properties: { lastname: 'Roe' } }))).code).toBe(404)
  })

  test('reads the properties with their options and rights', async () => {
    fake.store.properties.set('city', { name: 'city', type: 'string', isReadOnly: true })
    const { results } = await client().crm.properties.coreApi.getAll('contacts')
    expect(results.find(({ name }) => name === 'city')?.modificationMetadata?.readOnlyValue).toBe(true)
    expect(results.find(({ name }) => name === 'hs_analytics_source')?.options[0]).toMatchObject({
      value: 'ORGANIC_SEARCH',
    })
  })

  test('gets 429 above a rolling limit, and what remains below it', async () => {
    fake.limit(2, 60_000)
    await upsert('gv_1', { lastname: 'Doe' })
    await upsert('gv_1', { lastname: 'Roe' })
    expect((await refused(upsert('gv_1', {}))).code).toBe(429)
    expect(fake.refused()).toBe(1)
  })

  test('gets each injected limit once', async () => {
    fake.failNext('rate_limited', 'daily_limit')
    expect((await refused(upsert('gv_1', {}))).body).toMatchObject({ policyName: 'TEN_SECONDLY_ROLLING' })
    expect((await refused(upsert('gv_1', {}))).body).toMatchObject({ policyName: 'DAILY' })
    expect((await upsert('gv_1', { lastname: 'Doe' })).results).toHaveLength(1)
  })
})
