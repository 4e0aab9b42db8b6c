import { IncomingWebhookRequestPartialSchema } from 'discord-api-spec/zod'
import { describe, expect, test } from 'vitest'
import { destinationOf } from '../../src/destinations/registry.ts'
import { documentedOptions, documentedVisitor } from '../visitors/visitor-factory.ts'
import { blockKitProblems, activeSlackMarkup } from './slack/block-kit-rules.ts'
import { contractExamples } from './contract-examples.ts'
import { embedProblems, activeDiscordMarkup } from './discord/embed-rules.ts'

// Checks the rules themselves: each rule is broken once and must report it.

interface SlackBody {
  blocks: { type: string; text?: { type: string; text: string }; fields?: { type: string; text: string }[] }[]
  text?: string
}

const slackBody = (): SlackBody =>
  destinationOf('slack').buildBody(documentedVisitor(), documentedOptions()) as SlackBody
const field = (text: string) => ({ type: 'mrkdwn', text })

describe('the rules of Block Kit', () => {
  test('accept our payload', () => {
    expect(blockKitProblems(slackBody())).toEqual([])
  })

  test.each<[string, (body: SlackBody) => void]>([
    ['no text for notifications', (body) => delete body.text],
    ['an empty text', (body) => (body.text = '')],
    ['no blocks', (body) => (body.blocks = [])],
    ['51 blocks', (body) => (body.blocks = Array.from({ length: 51 }, () => body.blocks[0] as never))],
    [
      'a header of 151 characters',
      (body) => (body.blocks[0] = { type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }),
    ],
    ['a header in mrkdwn', (body) => (body.blocks[0] = { type: 'header', text: field('x') })],
    ['a header without text', (body) => (body.blocks[0] = { type: 'header' })],
    ['no fields', (body) => (body.blocks[1] = { type: 'section', fields: [] })],
    [
      '11 fields',
      (body) => (body.blocks[1] = { type: 'section', fields: Array.from({ length: 11 }, () => field('x')) }),
    ],
    [
      'a field of 2,001 characters',
      (body) => (body.blocks[1] = { type: 'section', fields: [field('x'.repeat(2_001))] }),
    ],
    ['an empty field', (body) => (body.blocks[1] = { type: 'section', fields: [field('')] })],
    ['a field of blanks', (body) => (body.blocks[1] = { type: 'section', fields: [field(' \n')] })],
    ['a block of another kind', (body) => (body.blocks[1] = { type: 'image' })],
    ['an undocumented key', (body) => Object.assign(body, { link_names: true })],
  ])('refuse %s', (_name, breakIt) => {
    const body = slackBody()
    breakIt(body)
    expect(blockKitProblems(body)).not.toEqual([])
  }) // prettier-ignore

  test.each([
    '<!channel>',
    '<@U1>',
    '<https://evil.example|x>',
    '@here',
    '#general',
    ':skull:',
    'a.b',
    '&lt',
    'a&b',
  ])('find active markup in %s', (text) => expect(activeSlackMarkup(text)).not.toEqual([]))
})

interface DiscordBody {
  embeds: { title: string; fields: { name: string; value: string }[] }[]
  allowed_mentions?: unknown
}

const discordBody = (): DiscordBody =>
  destinationOf('discord').buildBody(documentedVisitor(), documentedOptions()) as DiscordBody
const embed = (fields: { name: string; value: string }[], title = 'x') => [{ title, fields }]
const acceptedBySchema = (body: unknown): boolean =>
  IncomingWebhookRequestPartialSchema.safeParse(body).success

describe('the rules of Discord’s embeds', () => {
  test('accept our payload', () => {
    expect(embedProblems(discordBody())).toEqual([])
  })

  // Discord's own schema does not have these rules.
  test.each<[string, (body: DiscordBody) => void]>([
    ['no embed', (body) => (body.embeds = [])],
    [
      '6,001 characters in total',
      (body) => (body.embeds = embed(Array.from({ length: 6 }, () => ({ name: 'n', value: 'v'.repeat(1_000) })))),
    ],
    ['an empty name', (body) => (body.embeds = embed([{ name: '', value: 'v' }]))],
    ['an empty value', (body) => (body.embeds = embed([{ name: 'n', value: '' }]))],
    ['a value of blanks', (body) => (body.embeds = embed([{ name: 'n', value: ' \u3164' }]))],
    ['mentions that are not disabled', (body) => delete body.allowed_mentions],
    ['content, where mentions ping', (body) => Object.assign(body, { content: 'hello' })],
  ])('refuse %s, which the schema accepts', (_name, breakIt) => {
    const body = discordBody()
    breakIt(body)
    expect(acceptedBySchema(body)).toBe(true)
    expect(embedProblems(body)).not.toEqual([])
  }) // prettier-ignore

  test('refuse the documented body without embeds, which the schema accepts', () => {
    const documented = JSON.parse(contractExamples.discord) as object
    expect(acceptedBySchema(documented)).toBe(true)
    expect(embedProblems({ ...documented, embeds: [] })).toContain('number of embeds')
  })

  test.each<[string, (body: DiscordBody) => void]>([
    ['11 embeds', (body) => (body.embeds = Array.from({ length: 11 }, () => embed([])[0] as never))],
    ['a title of 257 characters', (body) => (body.embeds = embed([], 'x'.repeat(257)))],
    ['26 fields', (body) => (body.embeds = embed(Array.from({ length: 26 }, () => ({ name: 'n', value: 'v' }))))],
    ['a name of 257 characters', (body) => (body.embeds = embed([{ name: 'n'.repeat(257), value: 'v' }]))],
    ['a value of 1,025 characters', (body) => (body.embeds = embed([{ name: 'n', value: 'v'.repeat(1_025) }]))],
  ])('refuse %s, like the schema', (_name, breakIt) => {
    const body = discordBody()
    breakIt(body)
    expect(acceptedBySchema(body)).toBe(false)
    expect(embedProblems(body)).not.toEqual([])
  }) // prettier-ignore

  test.each([
    '<@1>',
    '@everyone',
    '@here',
    '**b**',
    '[a](b)',
    'https://x',
    '`c`',
    '# h',
    '> q',
    '- i',
    '||s||',
    '\\',
  ])('find active markup in %s', (text) => expect(activeDiscordMarkup(text)).not.toEqual([]))
})
