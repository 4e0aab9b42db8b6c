import { DestinationBody } from '@ghostpost/delivery/contract/destination'
import { destinationOf, mappingProblems, type WebhookType } from '@ghostpost/delivery/destinations'
import { sampleVisitor, type VisitorProfile } from '@ghostpost/delivery/visitors'
import { Value } from 'typebox/value'
import { expect, test } from 'vitest'
import { codeBlocksIn, readPage } from '../../src/docs/markdown.ts'

type Mapping = NonNullable<Parameters<typeof destinationOf>[3]>

interface Example {
  webhook_type: WebhookType
  credentials?: true
  mapping: Mapping
}

const [visitor = {}, ...blocks] = codeBlocksIn(readPage('docs/mapping.md'))
  .filter(({ language }) => language === 'json')
  .map(({ text }) => JSON.parse(text) as Record<string, unknown>)

/** The page's visitor as an export reads it. */
function profile(): VisitorProfile {
  const { name, company, country, city, score, traits } = visitor as unknown as VisitorProfile
  return {
    ...sampleVisitor,
    ghostVid: String(visitor['ghost_vid']),
    identifiedUserId: String(visitor['identified_user_id']),
    name,
    company,
    country,
    city,
    score,
    traits,
    totalSessions: Number(visitor['total_sessions']),
    totalPageviews: Number(visitor['total_pageviews']),
    firstSeen: new Date(String(visitor['first_seen'])),
    lastSeen: new Date(String(visitor['last_seen'])),
    journey: [],
    recentEvents: [],
  }
}

const examples = blocks.flatMap((block, index): [string, Example, unknown][] =>
  block['mapping'] === undefined
    ? []
    : [[String(block['webhook_type']), block as unknown as Example, blocks[index + 1]]],
)

function credentialsOf({ webhook_type: type, credentials }: Example) {
  if (credentials === undefined) return null
  return type === 'hubspot'
    ? ({ kind: 'access_token', access_token: 'a' } as const)
    : ({ kind: 'client_credentials', client_id: 'a', client_secret: 'b' } as const)
}

test('docs/mapping.md has an example of each type', () => {
  expect(examples.map(([type]) => type)).toEqual(['custom', 'hubspot', 'salesforce', 'slack', 'discord'])
})

test.each(examples)(
  'the mapping of docs/mapping.md for %s builds the payload beside it',
  (type, example, payload) => {
    const { credentials: _, ...body } = example
    expect([
      ...Value.Errors(DestinationBody, { name: type, webhook_url: 'https://x.example', ...body }),
    ]).toEqual([])
    const credentials = credentialsOf(example)
    expect(mappingProblems(example.webhook_type, example.mapping, credentials !== null)).toEqual([])
    const options = {
      includeJourney: true,
      includeEvents: true,
      exportedAt: new Date(0),
      publicUrl: 'https://analytics.ghostid.ai',
      receiverUrl: new URL('https://x.example/'),
    }
    const destination = destinationOf(example.webhook_type, credentials, {}, example.mapping)
    expect(JSON.parse(JSON.stringify(destination.buildBody(profile(), options)))).toEqual(payload)
  },
)
