import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  answer,
  startHubspotFake,
  startSalesforceFake,
  type HubspotFake,
  type Reaction,
  type SalesforceFake,
} from '@ghostpost/test-kit'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { callApi, type ApiAnswer } from '../src/call-api.ts'
import { startStack, type Stack } from '../src/start-stack.ts'

// docs/destinations/*.md, done as they are written: only where the receiver is and who signs in there is ours.
let stack: Stack
let hubspot: HubspotFake
let salesforce: SalesforceFake

beforeAll(async () => {
  stack = await startStack({ GHOSTPOST_ALLOWED_ADDRESSES: '127.0.0.1/32' })
  hubspot = await startHubspotFake()
  salesforce = await startSalesforceFake()
})

afterAll(async () => {
  await stack.stop()
  await Promise.all([hubspot.stop(), salesforce.stop()])
})

beforeEach(() => {
  stack.receiver.requests.length = 0
})

interface Call {
  method: string
  path: string
  body: Record<string, unknown> | null
}

/** The calls of a page, in its order. */
function callsIn(page: string): Call[] {
  const text = readFileSync(join(import.meta.dirname, `../../../docs/destinations/${page}.md`), 'utf8')
  const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block ?? '')
  const script = blocks.join('\n').replaceAll('\\\n', ' ').replaceAll("'$ID'", '$ID')
  const jq = String.raw`jq -n --rawfile key key\.pem '(?<made>\{[^']*\})' \| `
  const curl = String.raw`curl -b session\.txt (?:-X (?<method>\w+) )?"\$GHOSTPOST(?<path>[^"]+)"(?: -H '[^']*')?(?: +-d '(?<given>[^']*)')?`
  return [...script.matchAll(new RegExp(`(?:${jq})?${curl}`, 'g'))].map(({ groups = {} }) => {
    const body = groups['made'] ? madeByJq(groups['made']) : JSON.parse(groups['given'] ?? 'null')
    const method = groups['method'] ?? (body === null ? 'GET' : 'POST')
    return { method, path: groups['path'] ?? '', body: body as Call['body'] }
  })
}

/** What jq makes of an object whose keys have no quotes. */
function madeByJq(text: string): unknown {
  const key = JSON.stringify(salesforce.privateKey)
  return JSON.parse(text.replaceAll(/([{,]\s*)(\w+):/g, '$1"$2":').replace('$key', () => key))
}

/** Where the services of the pages are here. */
function originOf(host: string): string {
  if (/^api(-\w+)?\.hubapi\.com$/.test(host)) return hubspot.url
  if (host.endsWith('.my.salesforce.com')) return salesforce.url
  return stack.receiver.origin
}

function here(body: Record<string, unknown>): Record<string, unknown> {
  const { webhook_url: given, credentials } = body
  if (typeof given !== 'string') return body
  const url = new URL(given)
  const { app, privateKey: private_key } = salesforce
  const known: Record<string, string> = {
    access_token: hubspot.token,
    client_id: app.clientId,
    client_secret: app.clientSecret,
    username: app.username,
    private_key,
  }
  const own = Object.entries(credentials ?? {}).map(([name, value]) => [name, known[name] ?? value])
  return {
    ...body,
    // Several walks of a page would otherwise give two destinations one name.
    ...('name' in body && { name: `${String(body['name'])} ${Math.random()}` }),
    webhook_url: originOf(url.host) + url.pathname + url.search,
    ...(credentials !== undefined && { credentials: Object.fromEntries(own) }),
  }
}

interface Walked extends Call {
  answered: ApiAnswer
}

async function walk(page: string): Promise<Walked[]> {
  const walked: Walked[] = []
  let id = ''
  for (const call of callsIn(page)) {
    const body =
      call.body && here(JSON.parse(JSON.stringify(call.body).replaceAll('$ID', id)) as typeof call.body)
    const { method } = call
    const answered = await callApi(stack, call.path.replace('$ID', id), { method, ...(body && { body }) })
    walked.push({ ...call, answered })
    const made = answered.body?.['destination'] as { id: string } | undefined
    id = made?.id ?? id
  }
  return walked
}

function whatCameOf({ path, answered }: Walked): string {
  const { status, body } = answered
  if (path.endsWith('/test'))
    return `sample ${(body?.['delivery'] as { status: string } | undefined)?.status}`
  if (path === '/api/webhook') return `export ${body?.['success'] === true ? 'delivered' : answered.text}`
  return status < 300 ? 'fine' : answered.text
}

const discordAnswers = answer(200, {
  headers: { 'content-type': 'application/json' },
  body: '{"id":"1310000000000000001"}',
})

describe.each<[page: string, reaction: Reaction, samples: number, exports: number]>([
  ['custom', answer(200), 1, 2],
  ['slack', answer(200, { body: 'ok' }), 1, 1],
  ['discord', discordAnswers, 1, 1],
  ['hubspot', answer(202, { body: '{"id":"b0d3f1aa-1"}' }), 2, 2],
  ['salesforce', answer(200, { body: '"thanks"' }), 2, 2],
])('docs/destinations/%s.md', (page, reaction, samples, exports) => {
  test('leads from nothing to a delivered sample and a delivered visitor', async () => {
    stack.receiver.always(reaction)
    const walked = await walk(page)
    const outcomes = walked.map(whatCameOf)
    expect(outcomes.filter((outcome) => !/^(fine|sample delivered|export delivered)$/.test(outcome))).toEqual(
      [],
    )
    expect(outcomes.filter((outcome) => outcome === 'sample delivered')).toHaveLength(samples)
    expect(outcomes.filter((outcome) => outcome === 'export delivered')).toHaveLength(exports)
    // A page may show several ways to save one destination, and go on with the last.
    for (const { answered } of walked) {
      const made = answered.body?.['destination'] as { id: string } | undefined
      if (!made) continue
      const tested = await callApi(stack, `/api/destinations/${made.id}/test`, { method: 'POST' })
      expect(tested.body).toMatchObject({ delivery: { status: 'delivered' } })
    }
  })
})

test('the visitor is where the pages say', async () => {
  for (const page of ['hubspot', 'salesforce']) await walk(page)
  const contacts = [...hubspot.store.contacts.values()].map(
    ({ properties }) => properties['ghost_visitor_id'],
  )
  const leads = [...salesforce.store.leads.values()].map((lead) => lead['Ghost_Visitor_ID__c'])
  for (const ids of [contacts, leads]) {
    expect(ids).toHaveLength(2)
    expect(new Set(ids)).toEqual(new Set(['gv_a1b2c3d4_e5f6g7h8', 'gv_sample_ghostpost_test']))
  }
})
