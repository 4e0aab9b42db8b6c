import { generateKeyPairSync, sign } from 'node:crypto'
import { Connection } from 'jsforce'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Lead } from '../src/salesforce-fake/lead-store.ts'
import { startSalesforceFake, type SalesforceFake } from '../src/salesforce-fake/salesforce-fake.ts'

let fake: SalesforceFake

beforeEach(async () => {
  fake = await startSalesforceFake()
})

afterEach(() => fake.stop())

function connection(clientSecret = fake.app.clientSecret): Connection {
  const { clientId } = fake.app
  return new Connection({
    instanceUrl: fake.url,
    version: '66.0',
    maxRequest: 1,
    oauth2: { loginUrl: fake.url, clientId, clientSecret },
  })
}

async function signedIn(): Promise<Connection> {
  const conn = connection()
  await conn.authorize({ grant_type: 'client_credentials' })
  return conn
}

function storedLead(id: string): Lead {
  const stored = fake.store.leads.get(id)
  if (!stored) throw new Error(`no Lead ${id}`)
  return stored
}

const lead = { LastName: 'Doe', Company: 'Example Ltd', Ghost_Visitor_ID__c: 'gv_1' }

function assertionBy(privateKey: string, changes: Record<string, unknown> = {}): string {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const { clientId: iss, username: sub, audience: aud } = fake.app
  const claims = { iss, sub, aud, exp: Math.floor(Date.now() / 1_000) + 60, ...changes }
  const content = `${encode({ alg: 'RS256' })}.${encode(claims)}`
  return `${content}.${sign('RSA-SHA256', Buffer.from(content), privateKey).toString('base64url')}`
}

function authorizeBy(assertion: string): Promise<unknown> {
  return connection().authorize({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion })
}

describe('jsforce against the fake', () => {
  test('signs in with client credentials, and not with a wrong secret', async () => {
    const conn = await signedIn()
    expect(fake.tokens.has(conn.accessToken ?? '')).toBe(true)
    await expect(connection('wrong').authorize({ grant_type: 'client_credentials' })).rejects.toThrow(
      'invalid client credentials',
    )
  })

  test('signs in with a valid assertion only', async () => {
    await authorizeBy(assertionBy(fake.privateKey))
    expect(fake.tokensIssued()).toBe(1)
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
    const foreign = privateKey.export({ type: 'pkcs8', format: 'pem' })
    await expect(authorizeBy(assertionBy(foreign))).rejects.toThrow('invalid assertion')
    for (const changes of [{ exp: 1 }, { exp: 9_999_999_999 }, { aud: 'https://else.where' }, { sub: 'x' }]) {
      await expect(authorizeBy(assertionBy(fake.privateKey, changes))).rejects.toMatchObject({
        name: 'invalid_grant',
      })
    }
  })

  test('creates and reads a Lead', async () => {
    const conn = await signedIn()
    const created = await conn.sobject('Lead').create(lead)
    expect(created).toMatchObject({ success: true, id: expect.stringMatching(/^00Q/) })
    expect(await conn.sobject('Lead').retrieve(created.id ?? '')).toMatchObject(lead)
  })

  test('creates a Lead by its external id, then updates it', async () => {
    const conn = await signedIn()
    const first = await conn.sobject('Lead').upsert(lead, 'Ghost_Visitor_ID__c')
    await conn.sobject('Lead').upsert({ ...lead, City: 'Austin' }, 'Ghost_Visitor_ID__c')
    expect(first).toMatchObject({ success: true, created: true })
    expect([...fake.store.leads.values()]).toEqual([{ ...lead, City: 'Austin', Id: first.id }])
  })

  test.each([
    ['REQUIRED_FIELD_MISSING', { LastName: 'Doe' }],
    ['INVALID_FIELD', { ...lead, Nonsense__c: 1 }],
    ['STRING_TOO_LONG', { ...lead, LastName: 'x'.repeat(81) }],
    ['INVALID_EMAIL_ADDRESS', { ...lead, Email: 'jane' }],
    ['JSON_PARSER_ERROR', { ...lead, Ghost_Score__c: '65' }],
  ])('is refused with %s', async (errorCode, record) => {
    const conn = await signedIn()
    await expect(conn.sobject('Lead').create(record)).rejects.toMatchObject({ errorCode })
  })

  test('is refused a second Lead with an external id, and the external id in a body', async () => {
    const conn = await signedIn()
    await conn.sobject('Lead').create(lead)
    await expect(conn.sobject('Lead').create(lead)).rejects.toMatchObject({ errorCode: 'DUPLICATE_VALUE' })
    const url = '/services/data/v66.0/sobjects/Lead/Ghost_Visitor_ID__c/gv_2'
    const patched = conn.request({ method: 'PATCH', url, body: JSON.stringify(lead) })
    await expect(patched).rejects.toMatchObject({ errorCode: 'INVALID_FIELD' })
    await expect(conn.sobject('Lead').upsert({ ...lead, Email: 'a@b.cd' }, 'Email')).rejects.toMatchObject({
      errorCode: 'NOT_FOUND',
    })
  })

  test('gets the Contact of a converted Lead, which it may update in place of the Lead', async () => {
    const conn = await signedIn()
    const { id = '' } = await conn.sobject('Lead').create(lead)
    const contactId = fake.store.convert(storedLead(id))
    const update = conn.sobject('Lead').update({ Id: id, City: 'Wien' })
    await expect(update).rejects.toMatchObject({ errorCode: 'CANNOT_UPDATE_CONVERTED_LEAD' })
    const read = await conn.sobject('Lead').retrieve(id)
    expect(read).toMatchObject({ IsConverted: true, ConvertedContactId: contactId })
    await conn.sobject('Contact').update({ Id: contactId, Email: 'jane@example.com' })
    expect(await conn.sobject('Contact').retrieve(contactId)).toMatchObject({ Email: 'jane@example.com' })
  })

  test.each<[string, (stored: ReturnType<typeof storedLead>) => unknown, Record<string, string>]>([
    ['ENTITY_IS_DELETED', (stored) => fake.store.remove(stored), { City: 'Wien' }],
    ['ENTITY_IS_LOCKED', ({ Id }) => fake.store.locked.add(Id), { City: 'Wien' }],
    ['INVALID_FIELD_FOR_INSERT_UPDATE', () => fake.store.readOnly.add('City'), { City: 'Wien' }],
    [
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      () => fake.store.picklists.set('Country', new Set(['Austria'])),
      { Country: 'Autriche' },
    ],
  ])('is refused with %s', async (errorCode, change, values) => {
    const conn = await signedIn()
    const { id = '' } = await conn.sobject('Lead').create(lead)
    change(storedLead(id))
    const update = conn.sobject('Lead').update({ Id: id, ...values })
    await expect(update).rejects.toMatchObject({ errorCode })
  })

  test('creates a Lead again in place of a deleted one', async () => {
    const conn = await signedIn()
    const { id = '' } = await conn.sobject('Lead').create(lead)
    fake.store.remove(storedLead(id))
    expect(await conn.sobject('Lead').upsert(lead, 'Ghost_Visitor_ID__c')).toMatchObject({ created: true })
    expect(fake.store.leads.size).toBe(1)
  })

  test('describes the fields of Leads', async () => {
    const conn = await signedIn()
    fake.store.readOnly.add('City')
    fake.store.picklists.set('Country', new Set(['Austria']))
    const { fields } = await conn.sobject('Lead').describe()
    const field = (name: string): unknown => fields.find((one) => one.name === name)
    expect(field('City')).toMatchObject({ type: 'string', updateable: false })
    expect(field('Country')).toMatchObject({
      restrictedPicklist: true,
      picklistValues: [{ value: 'Austria' }],
    })
    expect(field('Ghost_Visitor_ID__c')).toMatchObject({ externalId: true, caseSensitive: true })
  })

  test('is refused after its session has ended, and gets each injected fault once', async () => {
    const conn = await signedIn()
    fake.failNext('row_locked', 'request_limit')
    await expect(conn.sobject('Lead').create(lead)).rejects.toMatchObject({ errorCode: 'UNABLE_TO_LOCK_ROW' })
    await expect(conn.sobject('Lead').create(lead)).rejects.toMatchObject({
      errorCode: 'REQUEST_LIMIT_EXCEEDED',
    })
    fake.endSessions()
    const bare = new Connection({ instanceUrl: fake.url, accessToken: conn.accessToken ?? '' })
    await expect(bare.sobject('Lead').create(lead)).rejects.toMatchObject({ errorCode: 'INVALID_SESSION_ID' })
  })
})
