import { describe, expect, test } from 'vitest'
import { slackText } from '../../../src/destinations/slack/slack-text.ts'
import { activeSlackMarkup } from './block-kit-rules.ts'

const zeroWidthSpace = '\u200b'
const z = zeroWidthSpace

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
    ['<@U123>', `&lt;@${zeroWidthSpace}U123&gt;`],
    ['@here', `@${zeroWidthSpace}here`],
    ['#general', `#${zeroWidthSpace}general`],
    [':skull:', `:${zeroWidthSpace}skull:`],
    ['https://evil.example/a', `https:${zeroWidthSpace}//evil.${zeroWidthSpace}example/a`],
    ['www.evil.example', `www.${zeroWidthSpace}evil.${zeroWidthSpace}example`],
    ['a@b.co', `a@${zeroWidthSpace}b.${zeroWidthSpace}co`],
    ['*SALE*', `${z}*${z}SALE${z}*${z}`],
    ['_SALE_', `${z}_${z}SALE${z}_${z}`],
    ['~SALE~', `${z}~${z}SALE${z}~${z}`],
    ['`SALE`', '\u02cbSALE\u02cb'],
    ['>SALE', `${z}&gt;SALE`],
    ['snake_case*2~3', 'snake_case*2~3'],
    ['one\ntwo', 'one two'],
    ['', 'Unknown'],
    [' \u200b\n', 'Unknown'],
    [null, 'Unknown'],
  ])('%j becomes %j', (text, expected) => {
    expect(slackText(text, 255)).toBe(expected)
  })

  test('is clipped between entities and ends in an ellipsis', () => {
    expect(slackText('&&&&', 12)).toBe('&amp;&amp;…')
    expect(slackText('&&&&', 20)).toBe('&amp;&amp;&amp;&amp;')
    expect(slackText('&&&&', 19)).toBe('&amp;&amp;&amp;…')
  })

  test.each([1, 2, 3, 5, 8, 13, 21, 34])(
    'contains no live mention or link when it is clipped to %i',
    (max) => {
      for (const text of [
        '<!channel>',
        'x@here',
        'https://evil.example',
        '<https://evil.example|click>',
        '&lt;&gt;',
      ]) {
        const cut = slackText(text, max)
        expect(activeSlackMarkup(cut)).toEqual([])
        expect(cut.length).toBeLessThanOrEqual(max)
      }
    },
  )
})
