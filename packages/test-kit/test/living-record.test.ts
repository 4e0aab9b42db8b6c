import { destinationOf } from '@ghostpost/delivery/destinations'
import { sampleVisitor, type VisitorProfile } from '@ghostpost/delivery/visitors'
import type { Destination, RequestVariant } from '@ghostpost/delivery/destinations'
import { expect, test } from 'vitest'
import { LeadStore, type SalesforceResponse } from '../src/salesforce-fake/lead-store.ts'

const receiverUrl = new URL('https://ghost.my.salesforce.com/services/data/v66.0/sobjects/Lead')
const destination = destinationOf('salesforce', {
  kind: 'client_credentials',
  client_id: 'a',
  client_secret: 'b',
})

/** Pseudo-random numbers in [0, 1), the same for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

function respond(store: LeadStore, { method, url, body }: RequestVariant): SalesforceResponse {
  const [, object, ...rest] = /\/sobjects\/(\w+)\/?(.*)$/.exec(url.pathname) ?? []
  const [first = '', value] = (rest[0] ?? '').split('/').map(decodeURIComponent)
  const input = body === '' ? {} : (JSON.parse(body) as Record<string, unknown>)
  if (object === 'Contact') return store.updateContact(first, input)
  if (method === 'PATCH' && value !== undefined) return store.upsert(first, value, input)
  const lead = [...store.leads.values()].find((one) => one[first] === value)
  return lead ? { status: 200, body: store.shown(lead) } : { status: 404, body: [{ errorCode: 'NOT_FOUND' }] }
}

/** Exports a visitor to the store, as an attempt does. Returns whether it was delivered. */
function exportTo(store: LeadStore, crm: Destination, visitor: VisitorProfile): boolean {
  const options = {
    includeJourney: true,
    includeEvents: true,
    exportedAt: new Date(0),
    publicUrl: 'https://x.example',
    receiverUrl,
  }
  const payload = JSON.stringify(crm.buildBody(visitor, options))
  let request: RequestVariant = { body: payload, ...crm.prepareRequest(receiverUrl, '', payload) }
  let isDelivered = false
  for (let step = 0; step < 12; step += 1) {
    const { status, body } = respond(store, request)
    const text = body === undefined ? '' : JSON.stringify(body)
    const response = {
      kind: 'answered',
      status,
      headers: {},
      body: text,
      bodyBytes: text.length,
      bodyEnd: 'complete',
    } as const
    if (!request.isAside)
      isDelivered = crm.judgeResponse(response, new Date(0), request.url).decision === 'delivered'
    const next = crm.nextVariant?.(request, response, payload)
    if (!next) break
    request = { ...request, ...next }
  }
  return isDelivered
}

const enteredFields = ['Company', 'City', 'LeadSource'] as const

test.each(Array.from({ length: 200 }, (_, seed) => seed))(
  'after each export exactly one live record has the newest values, and people lose none: history %i',
  (seed) => {
    const random = randomOf(seed)
    const store = new LeadStore()
    const entered = new Map<string, string>()
    store.picklists.set('Country', new Set(['Germany']))
    if (random() < 0.3) store.readOnly.add('Ghost_Sessions__c')
    for (let step = 1; step <= 12; step += 1) {
      const [lead] = store.leads.values()
      const chance = random()
      if (lead && chance < 0.2 && !store.converted.has(lead.Id)) {
        const field = enteredFields[Math.floor(random() * enteredFields.length)] ?? 'City'
        entered.set(field, `entered ${step}`)
        lead[field] = `entered ${step}`
      } else if (lead && chance < 0.3 && !store.converted.has(lead.Id)) store.convert(lead)
      else if (lead && chance < 0.4 && !store.converted.has(lead.Id)) {
        store.leads.delete(lead.Id)
        entered.clear()
      }
      const visitor = { ...sampleVisitor, ghostVid: 'gv_model', score: step, city: `city ${step}` }
      expect(exportTo(store, destination, visitor)).toBe(true)
      const live = [
        ...[...store.leads.values()].filter(({ Id }) => !store.converted.has(Id)),
        ...store.contacts.values(),
      ]
      expect(live.map((record) => record['Ghost_Score__c'])).toEqual([step])
      for (const [field, value] of entered) expect([...store.leads.values()][0]?.[field]).toBe(value)
    }
  },
)
