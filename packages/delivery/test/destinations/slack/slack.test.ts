import { describe, expect, test } from 'vitest'
import { slackDestination } from '../../../src/destinations/slack/slack.ts'
import type { VisitorProfile } from '../../../src/visitors/visitor-profile.ts'
import { anonymousVisitor, documentedOptions, documentedVisitor } from '../../visitors/visitor-factory.ts'
import { blockKitProblems, activeSlackMarkup } from './block-kit-rules.ts'
import { contractExamples, wireForm } from '../contract-examples.ts'

interface SlackBody {
  blocks: [unknown, { fields: { text: string }[] }]
  text: string
}

function built(visitor: VisitorProfile): SlackBody {
  return slackDestination.buildBody(visitor, documentedOptions()) as SlackBody
}

function location(changes: Partial<VisitorProfile>): string | undefined {
  return built(documentedVisitor(changes)).blocks[1].fields[2]?.text.replace('*Location:*\n', '')
}

describe('the Slack payload', () => {
  test('is the contract’s example, key for key and in its order, with a text after it', () => {
    const { text, ...documented } = built(documentedVisitor())
    expect(JSON.stringify(documented)).toBe(wireForm(contractExamples.slack))
    expect(text).toBe('New Lead from GHOST: gv_a1b2c3d4_e5f6g7h8, score 65/100, Austin, United States')
    expect(Object.keys(built(documentedVisitor()))).toEqual(['blocks', 'text'])
  })

  test('does not change with the flags', () => {
    const bare = documentedOptions({ includeJourney: false, includeEvents: false })
    expect(slackDestination.buildBody(documentedVisitor(), bare)).toEqual(built(documentedVisitor()))
  })

  test('keeps Slack’s limits for the documented and for an anonymous visitor', () => {
    expect(blockKitProblems(built(documentedVisitor()))).toEqual([])
    expect(blockKitProblems(built(anonymousVisitor()))).toEqual([])
  })

  test.each<[Partial<VisitorProfile>, string]>([
    [{ city: null, country: null }, 'Unknown'],
    [{ city: null }, 'Unknown, United States'],
    [{ country: null }, 'Austin, Unknown'],
    [{ city: '', country: ' \u200b' }, 'Unknown'],
    [{ city: 'St. Gallen', country: 'Switzerland' }, 'St. Gallen, Switzerland'],
    [{ city: 'القاهرة', country: 'مصر' }, 'القاهرة, مصر'],
  ])('reads %j as %j', (changes, expected) => {
    expect(location(changes)).toBe(expected)
  })

  test('keeps a line break in a place from starting a line of its own', () => {
    expect(location({ city: 'Austin\n*Score:*\n100/100', country: null })).not.toContain('\n')
  })

  test('cuts the longest place so that the field keeps its limit', () => {
    const text = location({ city: '&'.repeat(5_000), country: '<'.repeat(5_000) }) ?? ''
    expect(text.length).toBeLessThanOrEqual(2_000 - '*Location:*\n'.length)
    expect(text).toMatch(/^(?:&amp;)+…, (?:&lt;)+…$/)
  })

  test('is dead where the visitor put mentions and links', () => {
    const { blocks, text } = built(
      documentedVisitor({ city: '<!channel> @here', country: 'https://evil.example' }),
    )
    const shown = [text, ...blocks[1].fields.map((field) => field.text.replace(/^\*.*:\*\n/, ''))]
    expect(shown.flatMap(activeSlackMarkup)).toEqual([])
    expect(text).toContain('&lt;!channel&gt; @\u200bhere, https:\u200b//evil.\u200bexample')
  })
})

describe('a request to Slack', () => {
  test('goes to the address as it was given', () => {
    const url = new URL('https://hooks.slack.com/services/T0/B0/x')
    expect(slackDestination.prepareRequest(url)).toEqual({ url: new URL(url), headers: {} })
  })

  test('is not repeated blindly, as a repeat would be seen twice', () => {
    expect(slackDestination.traits).toMatchObject({ signed: false, repeatable: false })
  })
})
