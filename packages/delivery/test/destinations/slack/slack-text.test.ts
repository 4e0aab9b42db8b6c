import { describe, expect, test } from 'vitest'
import { slackText } from '../../../src/destinations/slack/slack-text.ts'
import { liveInSlack } from './block-kit-rules.ts'

const shy = '\u200b'

describe('a visitor’s text in Slack', () => {
  test.each([
    ['Austin', 'Austin'],
    ['gv_a1b2c3d4_e5f6g7h8', 'gv_a1b2c3d4_e5f6g7h8'],
    ['St. Louis', 'St. Louis'],
    ['Ko\u0308ln & Bonn', 'Ko\u0308ln &amp; Bonn'],
    ['a<b>c', 'a&lt;b&gt;c'],
    ['&amp;', '&amp;amp;'],
    ['"quoted" it’s', '"quoted" it’s'],
    ['<!channel>', '&lt;!channel&gt;'],
    ['<@U123>', `&lt;@${shy}U123&gt;`],
    ['@here', `@${shy}here`],
    ['#general', `#${shy}general`],
    [':skull:', `:${shy}skull:`],
    ['https://evil.example/a', `https:${shy}//evil.${shy}example/a`],
    ['www.evil.example', `www.${shy}evil.${shy}example`],
    ['a@b.co', `a@${shy}b.${shy}co`],
    ['one\ntwo', 'one two'],
    ['', 'Unknown'],
    [' \u200b\n', 'Unknown'],
    [null, 'Unknown'],
  ])('%j becomes %j', (text, expected) => {
    expect(slackText(text, 255)).toBe(expected)
  })

  test('is cut between entities and says so', () => {
    expect(slackText('&&&&', 12)).toBe('&amp;&amp;…')
    expect(slackText('&&&&', 20)).toBe('&amp;&amp;&amp;&amp;')
    expect(slackText('&&&&', 19)).toBe('&amp;&amp;&amp;…')
  })

  test.each([1, 2, 3, 5, 8, 13, 21, 34])('stays dead when it is cut at %i', (max) => {
    for (const text of [
      '<!channel>',
      'x@here',
      'https://evil.example',
      '<https://evil.example|click>',
      '&lt;&gt;',
    ]) {
      const cut = slackText(text, max)
      expect(liveInSlack(cut)).toEqual([])
      expect(cut.length).toBeLessThanOrEqual(max)
    }
  })
})
