import { describe, expect, test } from 'vitest'
import { discordText } from '../../../src/destinations/discord/discord-text.ts'
import { activeDiscordMarkup } from './embed-rules.ts'

const zeroWidthSpace = '\u200b'

describe('a visitor’s text in Discord', () => {
  test.each([
    ['Austin', 'Austin'],
    ['jane@example.com', 'jane@example.com'],
    ['/pricing.html?a=b&c=d', '/pricing.html?a=b&c=d'],
    ['snake_case', 'snake\\_case'],
    ['**bold** ~~gone~~ ||x|| `c`', '\\*\\*bold\\*\\* \\~\\~gone\\~\\~ \\|\\|x\\|\\| \\`c\\`'],
    ['# heading', '\\# heading'],
    ['> quote', '\\> quote'],
    ['- item', '\\- item'],
    ['\\*', '\\\\\\*'],
    ['[a](https://evil.example)', `\\[a\\]\\(https:${zeroWidthSpace}//evil.example\\)`],
    ['https://evil.example', `https:${zeroWidthSpace}//evil.example`],
    ['<@123>', `\\<${zeroWidthSpace}@123\\>`],
    ['<#1></a:2>', `\\<${zeroWidthSpace}\\#1\\>\\<${zeroWidthSpace}/a:2\\>`],
    ['@everyone @Here', `@${zeroWidthSpace}everyone @${zeroWidthSpace}Here`],
    ['one\ntwo', 'one two'],
    ['', '—'],
    ['\u3164', '—'],
    [null, '—'],
  ])('%j becomes %j', (text, expected) => {
    expect(discordText(text, 255)).toBe(expected)
  })

  test('is cut between escapes and says so', () => {
    expect(discordText('____', 7)).toBe('\\_\\_\\_…')
    expect(discordText('____', 8)).toBe('\\_\\_\\_\\_')
    expect(discordText('____', 6)).toBe('\\_\\_…')
  })

  test.each([1, 2, 3, 5, 8, 13, 21, 34])(
    'contains no live mention or link when it is clipped to %i',
    (max) => {
      for (const text of [
        '<@123>',
        'x@everyone',
        'https://evil.example',
        '[a](https://evil.example)',
        '\\\\\\\\',
        '||||',
      ]) {
        const cut = discordText(text, max)
        expect(activeDiscordMarkup(cut)).toEqual([])
        expect(cut.length).toBeLessThanOrEqual(max)
      }
    },
  )
})
