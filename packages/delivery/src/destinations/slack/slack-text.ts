import { clipEscaped } from '../../text/clip-text.ts'
import { unknownText } from '../../text/location-text.ts'
import { lineOf } from '../../text/text-line.ts'

/**
 * Without `verbatim`, which the contract's blocks do not have, Slack makes links of bare addresses, mentions of @here and
 * emoji of :name:. A zero-width space after the character that starts them keeps the text readable and dead.
 * https://docs.slack.dev/reference/block-kit/composition-objects/text-object
 */
const linkStart = /[@#:.](?=\S)/g
const zeroWidthSpace = '\u200b'

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/**
 * A visitor's text as one line of Slack mrkdwn, at most `max` UTF-16 units, that can neither mention, link nor be empty.
 * https://docs.slack.dev/messaging/formatting-message-text: exactly & < > are replaced.
 */
export function slackText(text: string | null, max: number): string {
  const line = lineOf(text)
  if (line === null) return unknownText
  const neutralized = line.replace(linkStart, `$&${zeroWidthSpace}`)
  return clipEscaped(neutralized, max, escapeSlack)
}

function escapeSlack(text: string): string {
  return text.replace(/[&<>]/g, (character) => entities[character] ?? character)
}
