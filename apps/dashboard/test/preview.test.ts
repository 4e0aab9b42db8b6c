import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseEmbedText, parseBlockText } from '../src/pages/delivery/preview/chat-text.ts'
import { readPreview } from '../src/pages/delivery/preview/read-preview.ts'

const field = (text: string): object => ({ type: 'mrkdwn', text })
const slack = (...blocks: object[]): string => JSON.stringify({ blocks, text: 'New lead' })

describe('a message to Slack', () => {
  test('is previewed with its header and its fields', () => {
    const payload = slack(
      { type: 'header', text: { type: 'plain_text', text: 'New Lead' } },
      { type: 'section', fields: [field('*Score:*\n65/100')] },
      { type: 'divider' },
      { type: 'image' },
    )
    expect(readPreview('slack', payload)).toEqual({
      kind: 'blocks',
      blocks: [
        { type: 'header', text: 'New Lead' },
        { type: 'fields', fields: ['*Score:*\n65/100'] },
        { type: 'divider' },
        { type: 'other', name: 'image' },
      ],
      warnings: [],
    })
  })

  test('that has only text is previewed as that text', () => {
    expect(readPreview('slack', '{"text":"Hello"}')).toMatchObject({
      blocks: [{ type: 'text', text: 'Hello' }],
    })
    expect(readPreview('slack', '{}')).toBeNull()
  })

  test('that Slack would reject has a warning', () => {
    const payload = slack({ type: 'section', fields: [field('x'.repeat(2_001))] })
    expect(readPreview('slack', payload)).toMatchObject({
      warnings: ['A field allows at most 2000 characters.'],
    })
  })

  test('is styled as in Slack', () => {
    expect(parseBlockText('*Score:*\n65 &amp; _more_ <b> 2*3*4')).toEqual([
      { text: 'Score:', look: 'bold' },
      { text: '\n65 & ', look: 'plain' },
      { text: 'more', look: 'italic' },
      { text: ' <b> 2*3*4', look: 'plain' },
    ])
  })
})

describe('a message to Discord', () => {
  test('is previewed with its embeds', () => {
    const embed = { title: 'New Lead', fields: [{ name: 'Score', value: '65/100', inline: true }] }
    expect(readPreview('discord', JSON.stringify({ embeds: [embed] }))).toEqual({
      kind: 'embeds',
      content: '',
      embeds: [
        { title: 'New Lead', description: '', fields: [{ name: 'Score', value: '65/100', isInline: true }] },
      ],
      warnings: [],
    })
  })

  test('that Discord would reject has a warning', () => {
    const embed = { title: 'x'.repeat(257), fields: [{ name: 'Score', value: '' }] }
    expect(readPreview('discord', JSON.stringify({ embeds: [embed] }))).toMatchObject({
      warnings: [
        'Characters of a title: at most 256, but there are 257.',
        '“Score” is empty; Discord rejects empty fields.',
      ],
    })
  })

  test('is styled as in Discord, with escaped marks as plain text', () => {
    expect(parseEmbedText('gv\\_a1\\_b2 **bold** \\*not\\*')).toEqual([
      { text: 'gv_a1_b2 ', look: 'plain' },
      { text: 'bold', look: 'bold' },
      { text: ' *not*', look: 'plain' },
    ])
  })
})

describe('the fields of a record', () => {
  test('are those of the contact in HubSpot, and of the lead in Salesforce', () => {
    expect(readPreview('hubspot', '{"properties":{"email":"a@b.c","city":""}}')).toEqual({
      kind: 'fields',
      object: 'HubSpot contact',
      fields: [
        { name: 'email', value: 'a@b.c' },
        { name: 'city', value: '' },
      ],
    })
    expect(readPreview('hubspot', '{}')).toBeNull()
    expect(readPreview('salesforce', '{"Email":null}')).toMatchObject({ object: 'Salesforce lead' })
  })

  test('are named by their path', () => {
    expect(readPreview('custom', '{"a":{"b":[{"c":1},2]},"d":[],"e":null}')).toMatchObject({
      fields: [
        { name: 'a.b.1.c', value: '1' },
        { name: 'a.b.2', value: '2' },
        { name: 'd', value: '' },
        { name: 'e', value: '' },
      ],
    })
  })
})

test('no payload makes the preview fail', () => {
  const types = fc.constantFrom('custom', 'hubspot', 'salesforce', 'slack', 'discord')
  const shaped = fc.record({ blocks: fc.jsonValue(), embeds: fc.jsonValue(), text: fc.jsonValue() })
  fc.assert(
    fc.property(
      types,
      fc.oneof(
        fc.json(),
        shaped.map((value) => JSON.stringify(value)),
        fc.string(),
      ),
      (type, payload) => {
        const preview = readPreview(type, payload)
        expect(preview === null || preview.kind.length > 0).toBe(true)
      },
    ),
  )
})

test('styling loses no text', () => {
  const plain = fc.stringMatching(/^[a-z *_~`]{0,40}$/)
  fc.assert(
    fc.property(plain, (text) => {
      for (const pieces of [parseBlockText(text), parseEmbedText(text)]) {
        const letters = (one: string): string => one.replaceAll(/[*_~`]/g, '')
        expect(letters(pieces.map((piece) => piece.text).join(''))).toBe(letters(text))
      }
    }),
  )
})
