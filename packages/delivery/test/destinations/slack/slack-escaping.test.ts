import * as fc from 'fast-check'
import { jsxslack } from 'jsx-slack'
import { expect, test } from 'vitest'
import { slackText } from '../../../src/destinations/slack/slack-text.ts'
import { lineOf } from '../../../src/text/clip-text.ts'
import { hostileFragments } from '../hostile-text.ts'

const zeroWidthSpace = '\u200b'
/** Stands in place of a backtick, which Slack has no escape for. */
const graveAccent = '\u02cb'

/** How another library writes a text into Slack's mrkdwn. */
function escapedByJsxSlack(text: string): string {
  const blocks = JSON.parse(JSON.stringify(jsxslack`<Blocks><Section>${text}</Section></Blocks>`)) as {
    text: { text: string }
  }[]
  return blocks[0]?.text.text ?? ''
}

// jsx-slack folds white space, which this test does not compare.
const word = fc
  .array(fc.oneof(fc.constantFrom(...hostileFragments), fc.string({ maxLength: 8 })), { maxLength: 4 })
  .map((pieces) => pieces.join('').replaceAll(/[\s\p{C}\p{Z}\p{M}]/gu, ''))
  .filter((text) => lineOf(text) === text && !text.includes(zeroWidthSpace))

test('slackText escapes the same characters as jsx-slack', () => {
  fc.assert(
    fc.property(word, (text) => {
      expect(slackText(text, 100_000).replaceAll(zeroWidthSpace, '').replaceAll(graveAccent, '`')).toBe(
        escapedByJsxSlack(text),
      )
    }),
    { numRuns: 300 },
  )
})
