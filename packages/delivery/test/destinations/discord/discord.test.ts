import { describe, expect, test } from 'vitest'
import { discordDestination } from '../../../src/destinations/discord/discord.ts'
import type { BuildOptions } from '../../../src/destinations/destination.ts'
import type { VisitorProfile } from '../../../src/visitors/visitor-profile.ts'
import {
  anonymousVisitor,
  documentedEvent,
  documentedOptions,
  documentedVisitor,
} from '../../visitors/visitor-factory.ts'
import { contractExamples, wireForm } from '../contract-examples.ts'
import { embedProblems, activeDiscordMarkup } from './embed-rules.ts'

interface DiscordBody {
  recent_events?: { page: string }[]
  embeds: [{ title: string; fields: { name: string; value: string; inline?: boolean }[] }]
  allowed_mentions: { parse: unknown[] }
}

function built(changes: Partial<VisitorProfile> = {}, options: Partial<BuildOptions> = {}): DiscordBody {
  return discordDestination.buildBody(documentedVisitor(changes), documentedOptions(options)) as DiscordBody
}

function shown(body: DiscordBody): Record<string, string> {
  return Object.fromEntries(body.embeds[0].fields.map(({ name, value }) => [name, value]))
}

describe('the Discord payload', () => {
  test('begins with the contract’s example, key for key and in its order', () => {
    const { embeds, allowed_mentions, ...documented } = built()
    expect(JSON.stringify(documented)).toBe(wireForm(contractExamples.discord))
    expect([embeds.length, allowed_mentions]).toEqual([1, { parse: [] }])
    expect(Object.keys(built()).slice(-2)).toEqual(['embeds', 'allowed_mentions'])
  })

  test('shows the visitor in one embed', () => {
    expect(built().embeds[0].title).toBe('New Lead from GHOST')
    expect(shown(built())).toEqual({
      'Visitor ID': 'gv\\_a1b2c3d4\\_e5f6g7h8',
      Score: '65/100',
      'Identified as': 'jane@example.com',
      Location: 'Austin, United States',
      Sessions: '3',
      Pageviews: '11',
      'Time on site': '421 s',
      'Recent events': 'pageview /pricing',
    })
  })

  test('has no content, because mentions ping there', () => {
    expect(built()).not.toHaveProperty('content')
  })

  test('omits the recent events from the keys and the embed if the request excludes them', () => {
    const body = built({}, { includeEvents: false })
    expect(body).not.toHaveProperty('recent_events')
    expect(shown(body)).not.toHaveProperty('Recent events')
    expect(embedProblems(body)).toEqual([])
  })

  test('does not change with the flag for the journey, which it never has', () => {
    expect(built({}, { includeJourney: false })).toEqual(built())
    expect(built()).not.toHaveProperty('journey')
  })

  test('shows the unknown values of an anonymous visitor without an empty value', () => {
    const body = discordDestination.buildBody(anonymousVisitor(), documentedOptions()) as DiscordBody
    expect(body).toMatchObject({
      status: 'anonymous',
      identified_user_id: null,
      location: { country: null, city: null },
    })
    expect(shown(body)).toMatchObject({ 'Identified as': '—', Location: 'Unknown', 'Recent events': '—' })
    expect(embedProblems(body)).toEqual([])
  })

  test('says Unknown for the half of a place that is not known', () => {
    expect(shown(built({ city: null }))['Location']).toBe('Unknown, United States')
    expect(shown(built({ country: '' }))['Location']).toBe('Austin, Unknown')
  })

  test('has up to twenty events among its keys and shows the newest five', () => {
    const recentEvents = Array.from({ length: 25 }, (_, at) => documentedEvent({ page: `/${at}` }))
    const body = built({ recentEvents })
    expect(body.recent_events?.length).toBe(20)
    expect(shown(body)['Recent events']?.split('\n')).toEqual([0, 1, 2, 3, 4].map((at) => `pageview /${at}`))
  })

  test('shows an event without a page by its type, and one without a type as a dash', () => {
    const recentEvents = [documentedEvent({ type: 'form_submit', page: null }), documentedEvent({ type: '' })]
    expect(shown(built({ recentEvents }))['Recent events']).toBe('form\\_submit\n— /pricing')
  })

  test('stays within Discord’s limits with the longest texts everywhere', () => {
    const long = '_'.repeat(10_000)
    const recentEvents = Array.from({ length: 20 }, () => documentedEvent({ type: long, page: long }))
    const body = built({ ghostVid: long, identifiedUserId: long, city: long, country: long, recentEvents })
    expect(embedProblems(body)).toEqual([])
  })

  test('escapes Markdown in the embed and leaves it alone in the keys', () => {
    const body = built({ city: '[Win](https://evil.example) **now**' })
    expect(shown(body)['Location']).toBe(
      '\\[Win\\]\\(https:\u200b//evil.example\\) \\*\\*now\\*\\*, United States',
    )
    expect(body).toMatchObject({ location: { city: '[Win](https://evil.example) **now**' } })
  })

  test('contains no live mention or link of the visitor', () => {
    const hostile = '@everyone <@123> <#4> </cmd:5> <t:6:R> <:e:7> https://evil.example'
    const body = built({
      identifiedUserId: hostile,
      city: hostile,
      recentEvents: [documentedEvent({ page: hostile })],
    })
    expect(Object.values(shown(body)).flatMap(activeDiscordMarkup)).toEqual([])
  })
})

describe('a request to Discord', () => {
  const webhook = 'https://discord.com/api/webhooks/123/to-ken_'

  test.each([
    ['waits for the message to be saved', webhook, `${webhook}?wait=true`],
    ['keeps other parameters', `${webhook}?thread_id=42`, `${webhook}?thread_id=42&wait=true`],
    ['replaces wait=false', `${webhook}?wait=false&thread_id=42`, `${webhook}?wait=true&thread_id=42`],
    ['has wait once', `${webhook}?wait=1&wait=0`, `${webhook}?wait=true`],
    ['keeps a thread name', `${webhook}?thread_name=a%20b%26c`, `${webhook}?thread_name=a+b%26c&wait=true`],
    ['uses Discord’s format if the URL asks for Slack’s', `${webhook}/slack`, `${webhook}?wait=true`],
    [
      'uses Discord’s format if the URL asks for GitHub’s',
      `${webhook}/github/?a=b`,
      `${webhook}?a=b&wait=true`,
    ],
    [
      'knows versioned addresses',
      'https://ptb.discord.com/api/v10/webhooks/1/t/slack',
      'https://ptb.discord.com/api/v10/webhooks/1/t?wait=true',
    ],
    [
      'leaves other paths alone',
      'https://proxy.example/discord/slack',
      'https://proxy.example/discord/slack?wait=true',
    ],
  ])('%s', (_, given, sent) => {
    expect(discordDestination.prepareRequest(new URL(given)).url.href).toBe(sent)
  })

  test('does not change the address it is given, and adds no headers', () => {
    const url = new URL(webhook)
    expect(discordDestination.prepareRequest(url).headers).toEqual({})
    expect(
      discordDestination.prepareRequest(url, 'Ghostpost/1.2.3 (+https://example.com/gp)').headers,
    ).toEqual({
      'user-agent': 'DiscordBot (https://example.com/gp, 1.2.3) Ghostpost/1.2.3 (+https://example.com/gp)',
    })
    expect(url.href).toBe(webhook)
  })

  test('is not repeatable, because people would see a repeat', () => {
    expect(discordDestination.traits).toMatchObject({ signed: false, repeatable: false })
  })
})
