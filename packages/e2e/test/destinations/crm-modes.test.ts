import { createSessionToken, createUser } from '@ghostpost/test-kit/accounts'
import { respond } from '@ghostpost/test-kit/receiver/reactions'
import { startReceiver } from '@ghostpost/test-kit/receiver/receiver'
import { openRollingLimit, within } from '@ghostpost/test-kit/receiver/rolling-limit'
import { startHubspotFake, type HubspotFake } from '@ghostpost/test-kit/hubspot-fake/hubspot-fake'
import { startSalesforceFake, type SalesforceFake } from '@ghostpost/test-kit/salesforce-fake/salesforce-fake'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { callApi, type ApiResponse } from '@ghostpost/test-kit/processes/call-api'
import { readQueueContents } from '../stores/queue-contents.ts'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

const identified = 'gv_a1b2c3d4_e5f6g7h8'
const anonymous = 'gv_crm_anonymous'
const planted = 'planted-T0B0-token'

let stack: Stack
let hubspot: HubspotFake
let salesforce: SalesforceFake
let count = 0

beforeAll(async () => {
  stack = await startStack({
    GHOSTPOST_ALLOWED_ADDRESSES: '127.0.0.1/32',
    GHOSTPOST_LOG_LEVEL: 'trace',
    GHOSTPOST_RETRY_SCHEDULE: '0s 300ms 1h',
  })
  await stack.database.prisma.visitor.create({
    data: { siteId: 4, ghostVid: anonymous, firstSeen: new Date(), lastSeen: new Date() },
  })
})

afterAll(() => stack.stop())

beforeEach(async () => {
  hubspot = await startHubspotFake()
  salesforce = await startSalesforceFake()
  return async () => {
    await hubspot.stop()
    await salesforce.stop()
  }
})

async function save(body: Record<string, unknown>): Promise<ApiResponse> {
  count += 1
  return callApi(stack, '/api/destinations', { body: { name: `crm ${count}`, ...body } })
}

async function saved(body: Record<string, unknown>): Promise<string> {
  const response = await save(body)
  expect(response.text).not.toContain(planted)
  expect(response.status).toBe(201)
  return (response.body as { destination: { id: string } }).destination.id
}

const hubspotBody = (): Record<string, unknown> => ({
  webhook_type: 'hubspot',
  webhook_url: `${hubspot.url}/crm/v3/objects/contacts`,
  credentials: { kind: 'access_token', access_token: hubspot.token },
})

const clientCredentials = (): Record<string, unknown> => ({
  kind: 'client_credentials',
  client_id: salesforce.app.clientId,
  client_secret: salesforce.app.clientSecret,
})

const salesforceBody = (): Record<string, unknown> => ({
  webhook_type: 'salesforce',
  webhook_url: `${salesforce.url}/services/data/v66.0/sobjects/Lead`,
  credentials: clientCredentials(),
})

const call = (method: string, path: string, body?: object): Promise<ApiResponse> =>
  callApi(stack, path, { method, ...(body && { body }) })

const exportTo = (destination_id: string, ghost_vid = identified): Promise<ApiResponse> =>
  callApi(stack, '/api/webhook', { body: { ghost_vid, destination_id } })

async function deliveryOf(response: ApiResponse): Promise<Record<string, unknown>> {
  return (await callApi(stack, `/api/deliveries/${String(response.body?.['delivery_id'])}`)).body ?? {}
}

async function readyHubspot(): Promise<string> {
  const id = await saved(hubspotBody())
  expect((await call('POST', `/api/destinations/${id}/hubspot-properties`)).status).toBe(200)
  return id
}

describe('a HubSpot destination with a token', () => {
  test('creates one contact of an identified visitor and updates it', async () => {
    const id = await readyHubspot()
    expect((await exportTo(id)).body).toMatchObject({ success: true, webhook_type: 'hubspot' })
    const second = await exportTo(id)
    expect(second.status).toBe(200)
    const [contact, ...others] = hubspot.store.contacts.values()
    expect(others).toEqual([])
    expect(contact?.properties).toMatchObject({
      ghost_visitor_id: identified,
      email: expect.stringContaining('@'),
      ghost_source: 'GHOST',
      ghost_score: expect.stringMatching(/^\d+$/),
      ghost_first_seen: expect.stringMatching(/Z$/),
    })
    expect(contact?.properties).not.toHaveProperty('hs_analytics_source')
    expect(contact?.properties).not.toHaveProperty('lastname')
  })

  test('creates one contact of an anonymous visitor, and does not overwrite a name that people gave it', async () => {
    const id = await readyHubspot()
    expect((await exportTo(id, anonymous)).status).toBe(200)
    const [contact] = hubspot.store.contacts.values()
    expect(contact?.properties).toMatchObject({
      lastname: `Unknown (${anonymous})`,
      ghost_visitor_id: anonymous,
    })
    if (contact) contact.properties['lastname'] = 'Smith'
    expect((await exportTo(id, anonymous)).status).toBe(200)
    expect([...hubspot.store.contacts.values()]).toMatchObject([{ properties: { lastname: 'Smith' } }])
  })

  test('adds the visitor id to an existing contact with the e-mail address', async () => {
    const id = await readyHubspot()
    const email = await emailInHubspot(id)
    hubspot.store.contacts.clear()
    const known = hubspot.store.create({ email, city: 'Wien' }).body as { id: string }
    const before = hubspot.receiver.requests.length
    const exported = await exportTo(id)
    expect(exported.status).toBe(200)
    const writes = (): unknown[] =>
      hubspot.receiver.requests.slice(before).filter(({ method }) => method === 'POST')
    expect(writes()).toHaveLength(1)
    expect([...hubspot.store.contacts.values()]).toMatchObject([
      { id: known.id, properties: { ghost_visitor_id: identified, city: 'Wien' } },
    ])
    const delivery = await deliveryOf(exported)
    expect(delivery['attempts']).toHaveLength(1)
    expect(delivery['record']).toMatchObject({ type: 'contact', id: known.id })
    await exportTo(id)
    expect(writes()).toHaveLength(2)
  })

  test('updates the contact that an anonymous one was merged into', async () => {
    const id = await readyHubspot()
    await exportTo(id, anonymous)
    const [other] = hubspot.store.contacts.values()
    const created = hubspot.store.create({ email: 'ann@example.com', ghost_visitor_id: 'gv_ann' })
    const kept = hubspot.store.contacts.get((created.body as { id: string }).id)
    if (!other || !kept) throw new Error('the contacts are missing')
    hubspot.store.merge(kept, other)
    const exported = await exportTo(id, anonymous)
    expect(exported.status).toBe(200)
    expect([...hubspot.store.contacts.values()]).toMatchObject([
      { id: kept.id, properties: { ghost_visitor_id: 'gv_ann', ghost_score: expect.any(String) } },
    ])
    expect(await deliveryOf(exported)).toMatchObject({ record: { id: kept.id, link: kept.url } })
  })

  test('leaves out a value that HubSpot refuses, and says so', async () => {
    const id = await readyHubspot()
    hubspot.store.properties.set('ghost_source', { name: 'ghost_source', type: 'string', isReadOnly: true })
    const exported = await exportTo(id)
    expect(exported.status).toBe(200)
    expect(await deliveryOf(exported)).toMatchObject({
      attempts: [{ omitted_fields: [{ field: 'ghost_source', code: 'READ_ONLY_VALUE' }] }],
    })
  })

  test('reports properties that do not fit, when they are created and when it is tested', async () => {
    hubspot.store.properties.set('ghost_visitor_id', { name: 'ghost_visitor_id', type: 'string' })
    const id = await saved(hubspotBody())
    const problem = expect.stringContaining('ghost_visitor_id must have unique values')
    const created = await call('POST', `/api/destinations/${id}/hubspot-properties`)
    expect(created.body).toMatchObject({ existing: [], unfit: [problem] })
    const tested = await call('POST', `/api/destinations/${id}/test`)
    expect(tested.body).toMatchObject({ setup: [problem] })
  })

  test('updates the contact with the e-mail address when another one has the visitor id', async () => {
    const id = await readyHubspot()
    const email = await emailInHubspot(id)
    hubspot.store.contacts.clear()
    hubspot.store.create({ ghost_visitor_id: identified, lastname: 'Anonymous' })
    const known = hubspot.store.create({ email }).body as { id: string }
    expect((await exportTo(id)).status).toBe(200)
    expect(hubspot.store.contacts.get(known.id)?.properties).toHaveProperty('ghost_score')
  })

  test('gets an error that names the missing properties, and delivers after they were created', async () => {
    const id = await saved(hubspotBody())
    const exported = await exportTo(id)
    expect(exported.status).toBe(502)
    expect(exported.body).toMatchObject({ error: { code: 'hubspot_property_missing' } })
    const { attempts } = (await deliveryOf(exported)) as { attempts: { error: { remedy: string } }[] }
    expect(attempts[0]?.error.remedy).toMatch(/ghost_visitor_id.*hubspot-properties/)

    const created = await call('POST', `/api/destinations/${id}/hubspot-properties`)
    expect(created.body).toEqual({
      created: [
        'ghost_visitor_id',
        'ghost_source',
        'ghost_score',
        'ghost_sessions',
        'ghost_pageviews',
        'ghost_first_seen',
        'ghost_last_seen',
      ],
      existing: [],
      unfit: [],
    })
    expect(hubspot.store.properties.get('ghost_visitor_id')).toMatchObject({ hasUniqueValue: true })
    expect((await exportTo(id)).status).toBe(200)
    const again = await call('POST', `/api/destinations/${id}/hubspot-properties`)
    expect(again.body).toMatchObject({ created: [], existing: expect.arrayContaining(['ghost_score']) })
  })

  test('creates no properties without the scope, and the error names the scope', async () => {
    const id = await saved(hubspotBody())
    hubspot.scopes.delete('crm.schemas.contacts.write')
    const refused = await call('POST', `/api/destinations/${id}/hubspot-properties`)
    expect(refused.status).toBe(502)
    expect(refused.body).toMatchObject({
      error: {
        code: 'receiver_refused',
        details: [{ expected: 'Grant the app the scope crm.schemas.contacts.write.' }],
      },
    })
  })

  test('updates the contact after a lost response', async () => {
    const id = await readyHubspot()
    hubspot.failNext('answer_lost')
    const exported = await exportTo(id)
    expect(exported.status).toBe(202)
    await waitUntil('it is delivered', async () => (await deliveryOf(exported))['status'] === 'delivered')
    expect(hubspot.store.contacts.size).toBe(1)
  })

  test.each([
    ['locked', 'hubspot_locked'],
    ['hidden_error', 'hubspot_internal_error'],
  ] as const)('is tried again when HubSpot is, for a moment, %s', async (fault, code) => {
    const id = await readyHubspot()
    hubspot.failNext(fault)
    const exported = await exportTo(id)
    expect(exported.status).toBe(202)
    expect(exported.body).toMatchObject({ last_error: { code } })
    await waitUntil('it is delivered', async () => (await deliveryOf(exported))['status'] === 'delivered')
    expect(hubspot.store.contacts.size).toBe(1)
  })

  test('gives up with an expired token', async () => {
    const id = await readyHubspot()
    hubspot.failNext('expired_token')
    expect((await exportTo(id)).body).toMatchObject({ error: { code: 'hubspot_unauthorized' } })
    expect(hubspot.store.contacts.size).toBe(0)
  })

  test('gives up with a refused token and names the remedy', async () => {
    const id = await saved({ ...hubspotBody(), credentials: { kind: 'access_token', access_token: planted } })
    const exported = await exportTo(id)
    expect(exported.body).toMatchObject({
      error: { code: 'hubspot_unauthorized', message: expect.stringContaining('access token') },
    })
  })

  test('is tested with a sample, and sends the plain body after its credentials were removed', async () => {
    const id = await readyHubspot()
    const tested = await call('POST', `/api/destinations/${id}/test`)
    expect(tested.body).toMatchObject({ delivery: { status: 'delivered', sample: true } })
    const plain = await call('PATCH', `/api/destinations/${id}`, {
      credentials: null,
      webhook_url: `${hubspot.url}/automation/v4/webhook-triggers/1/abc`,
    })
    expect(plain.body).toMatchObject({ credentials: null })
    expect((await exportTo(id)).status).toBe(200)
    const sent = hubspot.receiver.requests.at(-1)
    expect(sent?.path).toBe('/automation/v4/webhook-triggers/1/abc')
    expect(sent?.json()).toMatchObject({ properties: { hs_analytics_source: 'GHOST' } })
  })
})

async function emailInHubspot(id: string): Promise<string> {
  await exportTo(id)
  return [...hubspot.store.contacts.values()][0]?.properties['email'] ?? ''
}

describe('a Salesforce destination with credentials', () => {
  test.each([
    ['client credentials', clientCredentials],
    [
      'a JWT',
      () => ({
        kind: 'jwt_bearer',
        client_id: salesforce.app.clientId,
        username: salesforce.app.username,
        private_key: salesforce.privateKey,
      }),
    ],
  ])('creates one Lead and updates it, with one token of %s', async (_name, credentials) => {
    const id = await saved({ ...salesforceBody(), credentials: credentials() })
    expect((await exportTo(id)).status).toBe(200)
    const exported = await exportTo(id)
    expect(exported.status).toBe(200)
    const [lead, ...others] = salesforce.store.leads.values()
    expect(others).toEqual([])
    expect(lead).toMatchObject({
      Ghost_Visitor_ID__c: identified,
      LeadSource: 'GHOST Visitor Intelligence',
      LastName: expect.any(String),
      Company: expect.any(String),
      Ghost_Score__c: expect.any(Number),
    })
    expect(salesforce.tokensIssued()).toBe(1)
    expect(salesforce.receiver.requests.findLast(({ method }) => method === 'PATCH')).toMatchObject({
      path: `/services/data/v66.0/sobjects/Lead/Ghost_Visitor_ID__c/${identified}`,
    })
  })

  test('creates one Lead of an anonymous visitor, and does not overwrite a name that people gave it', async () => {
    const id = await saved(salesforceBody())
    expect((await exportTo(id, anonymous)).status).toBe(200)
    const [lead] = salesforce.store.leads.values()
    expect(lead).toMatchObject({ LastName: `Unknown (${anonymous})`, Company: '[not provided]' })
    if (lead) lead['LastName'] = 'Smith'
    expect((await exportTo(id, anonymous)).status).toBe(200)
    expect([...salesforce.store.leads.values()]).toMatchObject([{ LastName: 'Smith' }])
  })

  test('updates the Contact of a converted Lead, and names it', async () => {
    const id = await saved(salesforceBody())
    await exportTo(id)
    const [lead] = salesforce.store.leads.values()
    const contactId = lead ? salesforce.store.convert(lead) : ''
    const exported = await exportTo(id)
    expect(exported.status).toBe(200)
    expect(await deliveryOf(exported)).toMatchObject({ record: { type: 'Contact', id: contactId } })
  })

  test('leaves out a value that Salesforce refuses, and says so', async () => {
    const id = await saved(salesforceBody())
    salesforce.store.picklists.set('LeadSource', new Set(['Web']))
    const exported = await exportTo(id)
    expect(exported.status).toBe(200)
    expect(await deliveryOf(exported)).toMatchObject({
      attempts: [
        { omitted_fields: [{ field: 'LeadSource', code: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST' }] },
      ],
    })
  })

  test('gets one token for many concurrent deliveries', async () => {
    const id = await saved(salesforceBody())
    const exported = await Promise.all(Array.from({ length: 30 }, () => exportTo(id)))
    await waitUntil('all are delivered', async () => {
      const deliveries = await Promise.all(exported.map(deliveryOf))
      return deliveries.every(({ status }) => status === 'delivered')
    })
    expect(salesforce.tokensIssued()).toBe(1)
    expect(salesforce.store.leads.size).toBe(1)
  })

  test('renews an expired session within the attempt', async () => {
    const id = await saved(salesforceBody())
    await exportTo(id)
    salesforce.endSessions()
    const exported = await exportTo(id)
    expect(exported.status).toBe(200)
    expect(salesforce.tokensIssued()).toBe(2)
    expect((await deliveryOf(exported))['attempts']).toMatchObject([{ number: 1, response_status: 200 }])
  })

  test('gets the reason of a missing token, and retries only temporary failures', async () => {
    const id = await saved({
      ...salesforceBody(),
      credentials: { ...clientCredentials(), client_secret: planted },
    })
    const refused = await exportTo(id)
    expect(refused.body).toMatchObject({
      error: { code: 'authorization_invalid_client', response_status: null },
    })
    expect(await deliveryOf(refused)).toMatchObject({
      attempts: [{ outcome: 'authorization_failed', decision: 'give_up', outcome_unknown: false }],
    })
    await call('PATCH', `/api/destinations/${id}`, { credentials: clientCredentials() })
    salesforce.failNextToken({ status: 503, body: 'maintenance' })
    const exported = await exportTo(id)
    expect(exported.status).toBe(202)
    expect(exported.body).toMatchObject({ last_error: { code: 'authorization_unavailable' } })
    await waitUntil('it is delivered', async () => (await deliveryOf(exported))['status'] === 'delivered')
  })

  test.each([
    ['has locked the row', 'row_locked', 'salesforce_row_locked'],
    ['is down for maintenance', 'unavailable', 'receiver_unavailable'],
  ] as const)('is retried when Salesforce %s', async (_what, fault, code) => {
    const id = await saved(salesforceBody())
    salesforce.failNext(fault)
    const exported = await exportTo(id)
    expect(exported.body).toMatchObject({ last_error: { code } })
    await waitUntil('it is delivered', async () => (await deliveryOf(exported))['status'] === 'delivered')
  })

  test('gives up when several Leads match', async () => {
    const id = await saved(salesforceBody())
    salesforce.failNext('several_match')
    expect((await exportTo(id)).body).toMatchObject({ error: { code: 'salesforce_several_match' } })
  })

  test('gives up with its own cause when Salesforce lacks the external id field', async () => {
    const id = await saved(salesforceBody())
    salesforce.store.externalIds.clear()
    expect((await exportTo(id)).body).toMatchObject({ error: { code: 'salesforce_external_id_missing' } })
  })

  test('is tested with a sample', async () => {
    const id = await saved(salesforceBody())
    expect((await call('POST', `/api/destinations/${id}/test`)).body).toMatchObject({
      delivery: { status: 'delivered', sample: true },
    })
  })
})

describe('Salesforce in plain mode', () => {
  test('reports an existing Lead, which may come from an attempt whose response was lost', async () => {
    await exportTo(await saved(salesforceBody()), anonymous)
    const [token] = salesforce.tokens
    const { credentials: _, ...plain } = salesforceBody()
    const id = await saved({ ...plain, headers: { authorization: `Bearer ${token}` } })
    salesforce.failNext('duplicate')
    expect((await exportTo(id)).body).toMatchObject({ error: { code: 'salesforce_duplicate' } })

    // The lost connection was kept alive, so the same attempt sends the request once more.
    salesforce.failNext('answer_lost', 'duplicate')
    const exported = await exportTo(id)
    expect(await deliveryOf(exported)).toMatchObject({
      status: 'failed',
      attempts: [
        {
          response_status: 400,
          decision: 'give_up',
          outcome_unknown: true,
          error: { code: 'repeat_refused' },
        },
      ],
    })
  })
})

describe('a mapping', () => {
  const mapped = 'gv_crm_mapped'

  beforeAll(async () => {
    const facts = { name: 'Ann Lee', score: 70, city: 'Wien', traits: { phone: '1', plan: 'pro' } }
    await stack.database.prisma.visitor.create({
      data: {
        siteId: 4,
        ghostVid: mapped,
        identifiedUserId: 'ann@example.com',
        ...facts,
        firstSeen: new Date(),
        lastSeen: new Date(),
      },
    })
  })

  async function mappedHubspot(): Promise<string> {
    const id = await readyHubspot()
    hubspot.store.properties.set('lead_score', { name: 'lead_score', type: 'number' })
    hubspot.store.properties.set('plan', { name: 'plan', type: 'enumeration', options: ['free', 'pro'] })
    const mapping = {
      fields: [
        { to: 'lead_score', from: 'score' },
        { to: 'phone', from: 'traits.phone', when: 'empty' },
        { to: 'plan', from: 'traits.plan', when: 'create' },
      ],
    }
    const changed = await call('PATCH', `/api/destinations/${id}`, { mapping })
    expect(changed).toMatchObject({ status: 200, body: { mapping } })
    return id
  }

  test('writes the mapped fields as their policies say, and a preview says so before', async () => {
    const id = await mappedHubspot()
    const preview = async (): Promise<Record<string, unknown>[]> => {
      const { body, status } = await call('POST', `/api/destinations/${id}/preview`, { ghost_vid: mapped })
      expect(status).toBe(200)
      return body?.['fields'] as Record<string, unknown>[]
    }
    const change = (fields: Record<string, unknown>[], name: string): unknown =>
      fields.find(({ field }) => field === name)
    expect(change(await preview(), 'plan')).toEqual({
      field: 'plan',
      when: 'create',
      current: null,
      value: 'pro',
      result: 'pro',
      changes: true,
    })
    expect((await exportTo(id, mapped)).status).toBe(200)
    const [contact] = hubspot.store.contacts.values()
    expect(contact?.properties).toMatchObject({ lead_score: '70', phone: '1', plan: 'pro', city: 'Wien' })

    Object.assign(contact?.properties ?? {}, { lead_score: '1', phone: '+43 1', plan: 'free' })
    const before = await preview()
    expect(change(before, 'lead_score')).toMatchObject({ current: '1', result: '70', changes: true })
    expect(change(before, 'phone')).toMatchObject({
      current: '+43 1',
      value: '1',
      result: '+43 1',
      changes: false,
    })
    expect(change(before, 'plan')).toMatchObject({ result: 'free', changes: false })
    await exportTo(id, mapped)
    const results = Object.fromEntries(before.map(({ field, result }) => [field, result]))
    expect(contact?.properties).toMatchObject(results)
  })

  test('is refused where HubSpot has no such property, and names the field', async () => {
    const id = await readyHubspot()
    const mapping = { fields: [{ to: 'lead_score', from: 'score' }] }
    const refused = await call('PATCH', `/api/destinations/${id}`, { mapping })
    expect(refused).toMatchObject({
      status: 400,
      body: { error: { code: 'validation_failed', details: [{ field: 'mapping.fields.0.to' }] } },
    })
    expect(
      (await call('PATCH', `/api/destinations/${id}`, { mapping: { fields: [{ to: 'x', from: 'y' }] } }))
        .status,
    ).toBe(400)
    const unsaved = await call('POST', `/api/destinations/${id}/preview`, { ghost_vid: mapped, mapping })
    expect(unsaved.body).toMatchObject({ problems: [{ field: 'mapping.fields.0.to' }] })
    hubspot.scopes.delete('crm.schemas.contacts.write')
    expect((await call('PATCH', `/api/destinations/${id}`, { mapping })).status).toBe(200)
    expect((await call('PATCH', `/api/destinations/${id}`, { mapping: null })).body).toMatchObject({
      mapping: null,
    })
  })

  test('of a Lead fills a field that is set on creation, and previews a converted Lead', async () => {
    const id = await saved(salesforceBody())
    salesforce.store.fields.set('Plan__c', { type: 'string', length: 20 })
    const fields = [
      { to: 'Plan__c', from: 'traits.plan', when: 'create' },
      { to: 'LastName', from: 'last_name', when: 'always' },
      { to: 'Company', value: 'Unknown Ltd', when: 'always' },
    ]
    expect((await call('PATCH', `/api/destinations/${id}`, { mapping: { fields } })).status).toBe(200)
    expect((await exportTo(id, mapped)).status).toBe(200)
    const [lead] = salesforce.store.leads.values()
    expect(lead).toMatchObject({ Plan__c: 'pro', LastName: 'Lee', Company: 'Unknown Ltd', FirstName: 'Ann' })
    if (!lead) throw new Error('no Lead')
    const contactId = salesforce.store.convert(lead)
    const previewed = await call('POST', `/api/destinations/${id}/preview`, { ghost_vid: mapped })
    expect(previewed.body).toMatchObject({ record: { state: 'present', type: 'Contact', id: contactId } })
    const { fields: shown } = previewed.body as unknown as { fields: { field: string; changes: boolean }[] }
    expect(shown.filter(({ changes }) => changes)).toEqual([])
  })

  test('of a message is previewed as people read it, without the address of the webhook', async () => {
    const id = await saved({ webhook_type: 'slack', webhook_url: `${hubspot.url}/services/${planted}` })
    const mapping = {
      language: 'de',
      profile_link: true,
      fields: [{ from: 'name' }, { to: 'Tarif', from: 'traits.plan' }],
    }
    const { body, text } = await call('POST', `/api/destinations/${id}/preview`, {
      ghost_vid: mapped,
      mapping,
    })
    expect(body).toMatchObject({
      message: {
        title: 'Neuer Lead von GHOST',
        fields: [
          { label: 'Name', value: 'Ann Lee' },
          { label: 'Tarif', value: 'pro' },
        ],
        link: expect.stringContaining(`/visitor/${mapped}`),
      },
      record: null,
    })
    expect(text).not.toContain(planted)
    expect((await call('POST', `/api/destinations/${id}/preview`, { ghost_vid: 'gv_nobody' })).status).toBe(
      404,
    )
  })
})

describe('an operation to a CRM', () => {
  interface Operation {
    operation_id: string
    state: string
    counts: Record<string, number>
    skipped_because: Record<string, number>
  }

  async function runExport(destination_id: string): Promise<Operation> {
    const body = { kind: 'export', destination_id, visitors: { country: 'Erehwon' }, rate: 1_000 }
    const planned = await callApi(stack, '/api/operations/plan', { body })
    const { operation_id } = (planned.body as unknown as { operation: Operation }).operation
    await callApi(stack, '/api/operations', { body: { operation_id, reason: 'a test' } })
    return waitUntil('the operation has completed', async () => {
      const operation = (await callApi(stack, `/api/operations/${operation_id}`)).body as unknown as Operation
      return operation.state === 'completed' && operation
    })
  }

  test('writes nothing for visitors whose values the CRM has accepted already', async () => {
    const id = await readyHubspot()
    const visitor = (index: number) => ({
      siteId: 4,
      ghostVid: `gv_unchanged_${index}`,
      identifiedUserId: `unchanged-${index}@example.com`,
      country: 'Erehwon',
      firstSeen: new Date(),
      lastSeen: new Date(),
    })
    await stack.database.prisma.visitor.createMany({ data: [1, 2, 3].map(visitor) })
    expect((await runExport(id)).counts).toMatchObject({ delivered: 3, skipped: 0 })

    const before = hubspot.receiver.requests.length
    const second = await runExport(id)
    expect([second.counts, second.skipped_because]).toMatchObject([
      { delivered: 0, skipped: 3 },
      { unchanged: 3 },
    ])
    expect(hubspot.receiver.requests).toHaveLength(before)

    const where = { siteId_ghostVid: { siteId: 4, ghostVid: 'gv_unchanged_2' } }
    await stack.database.prisma.visitor.update({ where, data: { score: 99 } })
    expect((await runExport(id)).counts).toMatchObject({ delivered: 1, skipped: 2 })
    expect((await exportTo(id, 'gv_unchanged_1')).status).toBe(200)

    await call('PATCH', `/api/destinations/${id}`, { options: { unchanged: 'send' } })
    expect((await runExport(id)).counts).toMatchObject({ delivered: 3 })
    expect((await runExport(id)).counts).toMatchObject({ delivered: 3 })
    await call('PATCH', `/api/destinations/${id}`, { options: {} })
    expect((await runExport(id)).counts).toMatchObject({ delivered: 3 })
    expect((await runExport(id)).counts).toMatchObject({ skipped: 3 })
  })
})

describe('a burst to a tool that enforces its published limit', () => {
  /** As an identified visitor without a place, whose new contact takes one request. */
  async function makeVisitors(count: number): Promise<string[]> {
    const now = new Date()
    const data = Array.from({ length: count }, (_, index) => ({
      siteId: 4,
      ghostVid: `gv_burst_${index}`,
      identifiedUserId: `burst-${index}@example.com`,
      firstSeen: now,
      lastSeen: now,
    }))
    await stack.database.prisma.visitor.createMany({ data })
    return data.map(({ ghostVid }) => ghostVid)
  }

  const exportAsync = (destination_id: string, ghost_vid: string): Promise<ApiResponse> =>
    callApi(stack, '/api/webhook', {
      body: { ghost_vid, destination_id },
      headers: { prefer: 'respond-async' },
    })

  /** Starts a chat with a limit. On a busy machine a request may travel half a second faster than the one before. */
  async function startChat(requests: number, windowMs: number, body: string) {
    const receiver = await startReceiver()
    const limit = openRollingLimit(requests, windowMs, 500)
    receiver.always(within(limit, respond(200, { body })))
    return { receiver, refused: limit.refused }
  }

  test(
    'gets no 429 from HubSpot (300 visitors), Discord (12) and Slack (5)',
    { timeout: 120_000 },
    async () => {
      const slack = await startChat(1, 1_000, 'ok')
      const discord = await startChat(5, 2_000, '{"id":"1"}')
      const [hubspotId, slackId, discordId] = [
        await readyHubspot(),
        await saved({ webhook_type: 'slack', webhook_url: slack.receiver.url }),
        await saved({ webhook_type: 'discord', webhook_url: `${discord.receiver.url}api/webhooks/1/t` }),
      ]
      hubspot.limit(100, 10_000)
      const visitors = await makeVisitors(300)
      for (const vid of visitors.slice(0, 12)) await exportAsync(discordId, vid)
      for (const vid of visitors.slice(0, 5)) await exportAsync(slackId, vid)
      for (let from = 0; from < visitors.length; from += 20)
        await Promise.all(visitors.slice(from, from + 20).map((vid) => exportAsync(hubspotId, vid)))
      await waitUntil('all have arrived', () => hubspot.store.contacts.size === 300, 90_000)
      await discord.receiver.waitForRequests(12, 20_000)
      await slack.receiver.waitForRequests(5, 20_000)
      expect([hubspot.refused(), discord.refused(), slack.refused()]).toEqual([0, 0, 0])
      await Promise.all([slack.receiver.stop(), discord.receiver.stop()])
    },
  )
})

describe('credentials', () => {
  test('are shown only by their kind', async () => {
    const credentials = { kind: 'access_token', access_token: planted }
    const id = await saved({ ...hubspotBody(), credentials })
    const read = await callApi(stack, `/api/destinations/${id}`)
    const list = await callApi(stack, '/api/destinations?siteId=4')
    expect(read.body).toMatchObject({ credentials: 'access_token' })
    expect(read.text + list.text).not.toContain(planted)
  })

  test.each([
    [{ webhook_type: 'custom' }, 'credentials'],
    [{ webhook_type: 'slack' }, 'credentials'],
    [{ webhook_type: 'salesforce' }, 'credentials.kind'],
    [{ credentials: { kind: 'jwt_bearer' } }, 'credentials.kind'],
    [{ credentials: { kind: 'access_token' } }, 'credentials.access_token'],
    [{ credentials: { kind: 'access_token', access_token: 'a b' } }, 'credentials.access_token'],
    [{ credentials: { kind: 'access_token', access_token: 'a', client_id: 'b' } }, 'credentials.client_id'],
    [{ credentials: { kind: 'password' } }, 'credentials.kind'],
    [{ credentials: null }, 'credentials'],
    [{ headers: { Authorization: 'Bearer x' } }, 'headers'],
    [
      {
        webhook_type: 'salesforce',
        credentials: { kind: 'client_credentials', client_id: 'a', client_secret: 'b', token_url: 'ftp://x' },
      },
      'credentials.token_url',
    ],
    [
      {
        webhook_type: 'salesforce',
        credentials: {
          kind: 'jwt_bearer',
          client_id: 'a',
          username: 'b',
          private_key: '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----',
        },
      },
      'credentials.private_key',
    ],
  ])('are refused: %j', async (changes, field) => {
    const response = await save({ ...hubspotBody(), ...changes })
    expect(response.status).toBe(400)
    expect(response.body).toMatchObject({ error: { code: 'validation_failed', details: [{ field }] } })
  })

  test('are required again when the host of a destination changes', async () => {
    const id = await saved(hubspotBody())
    const moved = await call('PATCH', `/api/destinations/${id}`, { webhook_url: stack.receiver.url })
    expect(moved.body).toMatchObject({ error: { details: [{ field: 'credentials' }] } })
    const renamed = await call('PATCH', `/api/destinations/${id}`, { webhook_url: `${hubspot.url}/x` })
    expect(renamed.body).toMatchObject({ credentials: 'access_token' })
  })

  test('create properties only for users who may change the destination', async () => {
    const id = await readyHubspot()
    const stranger = await createSessionToken(stack.database, (await createUser(stack.database, [7])).id)
    const path = `/api/destinations/${id}/hubspot-properties`
    expect((await callApi(stack, path, { method: 'POST', session: stranger })).status).toBe(404)
    const other = await saved(salesforceBody())
    expect((await call('POST', `/api/destinations/${other}/hubspot-properties`)).status).toBe(400)
  })

  test('and the tokens obtained with them are in no log, response, attempt or queue', async () => {
    const hubspotId = await readyHubspot()
    const id = await saved(salesforceBody())
    await exportTo(hubspotId)
    salesforce.failNext('echo_token')
    const echoed = await exportTo(id)
    const responses = [echoed.text, JSON.stringify(await deliveryOf(echoed))]
    expect(responses[1]).toContain('***')
    const { rows } = await stack.database.pool.query<{ text: string }>(
      `select (select string_agg(a::text, ' ') from attempts a)
           || (select string_agg(p::text, ' ') from payloads p)
           || (select string_agg(d::text, ' ') from deliveries d) as text`,
    )
    const logs = [stack.apiProcess.output(), stack.workers[0]?.output() ?? '']
    const secrets = [planted, hubspot.token, salesforce.app.clientSecret, ...salesforce.tokens]
    expect(secrets.length).toBeGreaterThan(3)
    for (const text of [...responses, ...logs, rows[0]?.text ?? '', await readQueueContents(stack.queue)]) {
      for (const secret of secrets) expect(text).not.toContain(secret)
      expect(text).not.toContain('PRIVATE KEY')
    }
  })
})
