import { clipEscaped, lineOf, unknownText } from '../../text/clip-text.ts'

/**
 * The blocks of the contract have no `verbatim`, so Slack turns bare addresses into links, @here into a mention and
 * :name: into an emoji. A zero-width space after the first character prevents that and keeps the text readable.
 * https://docs.slack.dev/reference/block-kit/composition-objects/text-object
 */
const linkStart = /[@#:.](?=\S)/g
const zeroWidthSpace = '\u200b'

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/**
 * A visitor's text as one line of Slack mrkdwn of at most `max` UTF-16 units. It is never empty, and contains no live
 * mention or link. Slack asks to escape exactly & < >: https://docs.slack.dev/messaging/formatting-message-text
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
