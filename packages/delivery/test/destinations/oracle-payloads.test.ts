import type { KnownBlock } from '@slack/types'
import { IncomingWebhookRequestPartialSchema } from 'discord-api-spec/zod'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { destinationOf } from '../../src/destinations/registry.ts'
import type { VisitorProfile } from '../../src/visitors/visitor-profile.ts'
import { documentedOptions, documentedVisitor } from '../visitors/visitor-factory.ts'
import { hostileVisitor } from './hostile-text.ts'

// Checks our payloads against schemas and types of the vendors.
const discordBody = (visitor: VisitorProfile): object =>
  destinationOf('discord').buildBody(visitor, documentedOptions())
const slackBody = (visitor: VisitorProfile): object =>
  destinationOf('slack').buildBody(visitor, documentedOptions())

const anonymous = documentedVisitor({ identifiedUserId: null, country: null, city: null, recentEvents: [] })

describe('Discord’s own schema', () => {
  test.each([
    ['the documented visitor', documentedVisitor()],
    ['an anonymous visitor', anonymous],
  ])('accepts the message about %s', (_name, visitor) => {
    expect(IncomingWebhookRequestPartialSchema.safeParse(discordBody(visitor)).success).toBe(true)
  })

  test('accepts the message about any visitor', () => {
    fc.assert(
      fc.property(
        hostileVisitor(),
        (visitor) => IncomingWebhookRequestPartialSchema.safeParse(discordBody(visitor)).success,
      ),
      { numRuns: 150 },
    )
  })

  test('refuses a title of 257 characters and 26 fields', () => {
    const body = discordBody(documentedVisitor()) as { embeds: { title: string; fields: object[] }[] }
    const embed = body.embeds[0] ?? { title: '', fields: [] }
    const field = { name: 'n', value: 'v' }
    for (const wrong of [
      { ...embed, title: 'x'.repeat(257) },
      { ...embed, fields: Array.from({ length: 26 }, () => field) },
    ]) {
      expect(IncomingWebhookRequestPartialSchema.safeParse({ ...body, embeds: [wrong] }).success).toBe(false)
    }
  })
})

describe('Slack’s own types', () => {
  test('describe the blocks that we send', () => {
    const blocks = [
      { type: 'header', text: { type: 'plain_text', text: 'New Lead from GHOST' } },
      {
        type: 'section',
        fields: [
          { type: 'mrkdwn', text: '*Visitor ID:*\ngv_a1b2c3d4_e5f6g7h8' },
          { type: 'mrkdwn', text: '*Score:*\n65/100' },
          { type: 'mrkdwn', text: '*Location:*\nAustin, United States' },
          { type: 'mrkdwn', text: '*Sessions:*\n3' },
        ],
      },
    ] satisfies KnownBlock[]
    expect(slackBody(documentedVisitor())).toMatchObject({ blocks })
  })
})
