import { execFile, spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createApiKey } from '@ghostpost/test-kit/accounts'
import { startHubspotFake, type HubspotFake } from '@ghostpost/test-kit/hubspot-fake/hubspot-fake'
import { respond } from '@ghostpost/test-kit/receiver/reactions'
import { startSalesforceFake, type SalesforceFake } from '@ghostpost/test-kit/salesforce-fake/salesforce-fake'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { codeBlocksIn, readPage, repository } from '../../src/docs/markdown.ts'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

/** The programs that the pages use. */
const tools = ['bash', 'curl', 'jq', 'openssl']
const missing = tools.filter((tool) => spawnSync(tool, ['--version']).error !== undefined)
if (missing.length > 0) console.warn(`Skipped: the quickstarts need ${missing.join(', ')} on the PATH.`)

let stack: Stack
let hubspot: HubspotFake
let salesforce: SalesforceFake
let folder: string

beforeAll(async () => {
  stack = await startStack({
    GHOSTPOST_ALLOWED_ADDRESSES: '127.0.0.1/32',
    GHOSTPOST_CLAIM_MS: '6000',
    GHOSTPOST_ATTEMPT_TIMEOUT_MS: '5000',
  })
})
afterAll(() => stack.stop())

beforeEach(async () => {
  hubspot = await startHubspotFake()
  salesforce = await startSalesforceFake()
  folder = await mkdtemp(join(tmpdir(), 'ghostpost-quickstart-'))
  await writeFile(join(folder, '.curlrc'), 'silent\nshow-error\nfail-with-body\n')
})
afterEach(async () => {
  await hubspot.stop()
  await salesforce.stop()
  await rm(folder, { recursive: true })
  await stack.database.prisma.destination.deleteMany()
  await stack.database.prisma.delivery.deleteMany()
})

/** Replaces the page's addresses: those of a tool by its fake, all others by a plain receiver. */
function addressesHere(script: string): string {
  const hosts: Record<string, string> = {
    'ghostpost.example.com': stack.api,
    'api.hubapi.com': hubspot.url,
    'example.my.salesforce.com': salesforce.url,
  }
  return script.replaceAll(/https:\/\/([\w.-]+)/g, (_, host: string) =>
    (hosts[host] ?? stack.receiver.url).replace(/\/$/, ''),
  )
}

/** Replaces the page's placeholders as a reader does. */
function secretsHere(script: string): string {
  const { clientId, clientSecret } = salesforce.app
  return script
    .replaceAll('you@example.com', stack.user.email)
    .replaceAll('"password": "…"', `"password": "${stack.user.password}"`)
    .replaceAll('pat-eu1-…', hubspot.token)
    .replaceAll('3MVG9…', clientId)
    .replaceAll('"client_secret": "…"', `"client_secret": "${clientSecret}"`)
    .replaceAll('…', 'example')
}

async function follow(page: string, isLeftOut: (block: string) => boolean): Promise<void> {
  const blocks = codeBlocksIn(readPage(page)).filter(
    ({ language, text }) => language === 'sh' && !isLeftOut(text),
  )
  const script = secretsHere(addressesHere(blocks.map(({ text }) => text).join('\n')))
  const withKey = script.replaceAll(/^(openssl req .*)$/gm, '$1\ncp "$FAKE_KEY" key.pem')
  const key = join(folder, 'fake-key.pem')
  await writeFile(key, salesforce.privateKey)
  const env = { PATH: process.env['PATH'], HOME: folder, FAKE_KEY: key }
  await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', withKey], { cwd: folder, env })
}

const nothing = (): boolean => false
const quickstarts: readonly (readonly [
  page: string,
  what: string,
  isLeftOut: (block: string) => boolean,
  deliveries: number,
])[] = [
  ['custom', 'whole page', nothing, 3],
  ['slack', 'whole page', nothing, 2],
  ['discord', 'whole page', nothing, 2],
  ['hubspot', 'both modes', nothing, 4],
  ['salesforce', 'with client credentials', (block) => block.includes('jwt_bearer'), 4],
  ['salesforce', 'with a key', (block) => block.includes('client_credentials'), 4],
]

describe.skipIf(missing.length > 0)('the commands of docs/mapping.md', () => {
  test('run unchanged, and the export has the mapped keys', async () => {
    await follow('docs/mapping.md', nothing)
    const made = await stack.database.prisma.delivery.findMany()
    expect(made.map(({ state }) => state)).toEqual(['delivered'])
    expect(Object.keys(stack.receiver.requests.at(-1)?.json() as object)).toEqual(['id', 'person'])
  })
})

describe.skipIf(missing.length > 0)('the commands of docs/destinations/', () => {
  test.each(quickstarts)(
    '%s.md (%s) run unchanged, and every delivery is delivered',
    async (page, _what, isLeftOut, deliveries) => {
      await follow(`docs/destinations/${page}.md`, isLeftOut)
      const made = await stack.database.prisma.delivery.findMany()
      expect(made.map(({ state, webhookType }) => `${webhookType} ${state}`)).toEqual(
        Array.from({ length: deliveries }, () => `${page} delivered`),
      )
      const saved = JSON.parse(await readFile(join(folder, 'destination.json'), 'utf8')) as {
        signing_secret?: string
      }
      expect(saved.signing_secret?.startsWith('whsec_') ?? false).toBe(page === 'custom')
    },
  )
})

/** A visit as Matomo's Live.getLastVisitsDetails returns it, with the fields that the recipe reads. */
const visit = {
  idVisit: 7,
  visitorId: 'c1d2e3f4a5b60718',
  userId: 'ada@example.com',
  visitCount: '2',
  firstActionTimestamp: 1_773_162_550,
  lastActionTimestamp: 1_773_162_862,
  country: 'United Kingdom',
  city: 'London',
  deviceType: 'Desktop',
  browserName: 'Firefox',
  referrerUrl: null,
  actionDetails: [
    { type: 'action', url: 'https://example.com/', timestamp: 1_773_162_550 },
    { type: 'outlink', url: 'https://elsewhere.example', timestamp: 1_773_162_600 },
    { type: 'action', url: 'https://example.com/pricing', timestamp: 1_773_162_862 },
  ],
}

/** What PostHog puts in place of the braces of a body. */
const posthogValues: Record<string, string | null> = {
  'event.distinct_id': 'ph-1',
  'event.timestamp': '2026-03-10T17:14:22.000Z',
  'event.event': '$pageview',
  'event.uuid': '0195a3f0-7c1e-7d1a-9c55-0b8f5a3f2e11',
  'event.properties.$current_url': 'https://example.com/pricing',
  'event.properties.$referrer': null,
  'event.properties.$geoip_country_name': 'United Kingdom',
  'event.properties.$geoip_city_name': 'London',
  'person.properties.email': 'ada@example.com',
  'person.properties.name': 'Ada Lovelace',
}

describe.skipIf(missing.length > 0)('the commands and programs of docs/recipes/', () => {
  let key: string

  beforeAll(async () => {
    key = await createApiKey(stack.database, stack.user.id, { role: 'operator' })
    await stack.database.pool.query(`
      create table people (email text, full_name text, plan text, updated_at timestamptz);
      insert into people values ('ada@example.com', 'Ada Lovelace', 'pro', '2026-03-10 17:14:22Z')`)
  })
  beforeEach(() =>
    stack.database.prisma.visitor.deleteMany({ where: { identifiedUserId: 'ada@example.com' } }),
  )

  const run = promisify(execFile)
  const here = (text: string): string =>
    addressesHere(text)
      .replaceAll('npm run -s ghostpost --', '"$NODE" "$REPOSITORY/apps/cli/src/main.ts"')
      .replaceAll('postgres://ghostpost_reader@db.example.com/shop', stack.database.url)

  async function followRecipe(name: string): Promise<string> {
    const env = {
      PATH: process.env['PATH'],
      HOME: folder,
      NODE: process.execPath,
      REPOSITORY: repository,
      GHOSTPOST_API_KEY: key,
      MATOMO_TOKEN: 'token',
    }
    await symlink(join(repository, 'packages/e2e/node_modules'), join(folder, 'node_modules'))
    let output = ''
    for (const { language, text } of codeBlocksIn(readPage(`docs/recipes/${name}.md`))) {
      if (language === 'js') {
        await writeFile(join(folder, 'program.mjs'), here(text))
        await run(process.execPath, ['program.mjs'], { cwd: folder, env })
      }
      if (language === 'sh')
        output += (await run('bash', ['-euo', 'pipefail', '-c', here(text)], { cwd: folder, env })).stdout
      if (language === 'json') {
        const body = text.replaceAll(/"\{([\w.$]+)\}"/g, (_, path: string) =>
          JSON.stringify(posthogValues[path]),
        )
        const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
        const response = await fetch(new URL('/v1/batch', stack.api), { method: 'POST', headers, body })
        output += await response.text()
      }
    }
    return output
  }

  test.each(['segment', 'rudderstack', 'posthog', 'matomo', 'postgres', 'csv'])('%s.md', async (name) => {
    stack.receiver.always(respond(200, { body: JSON.stringify([visit]) }))
    const output = await followRecipe(name)
    expect(output).not.toContain('"refused":1')
    const visitors = await stack.database.prisma.visitor.findMany({
      where: { identifiedUserId: 'ada@example.com' },
      include: { events: true, sessions: true },
    })
    expect(visitors).toHaveLength(1)
    const { name: person, events, sessions } = visitors[0] ?? {}
    // Tables and files have people without their visits, and Matomo has visits without names.
    const hasVisits = events?.some(({ type }) => type === 'pageview') === true && sessions?.length === 1
    expect({ hasVisits, person }).toEqual({
      hasVisits: !['postgres', 'csv'].includes(name),
      person: name === 'matomo' ? null : 'Ada Lovelace',
    })
  })
})
