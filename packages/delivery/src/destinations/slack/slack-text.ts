import { clipEscaped, lineOf, unknownText } from '../../text/clip-text.ts'

/**
 * The blocks of the contract have no `verbatim`, so Slack turns bare addresses into links, @here into a mention and
 * :name: into an emoji. A zero-width space after the first character prevents that and keeps the text readable.
 * https://docs.slack.dev/reference/block-kit/composition-objects/text-object
 */
const linkStart = /[@#:.](?=\S)/g
const zeroWidthSpace = '\u200b'

/**
 * `*bold*`, `_italic_` and `~struck~` begin and end at the edge of a word; a `>` at the start makes a quotation. Slack
 * has no escape for them, so a zero-width space on both sides takes the edge away. Inside a word, as in gv_a1_b2, they
 * format nothing.
 */
const wordMarkers = /(?<![\p{L}\p{N}])[*_~]|[*_~](?![\p{L}\p{N}])/gu
const quotation = /^>/
/** Formats in any place, so that only another character helps. */
const codeMarker = /`/g
const graveAccent = '\u02cb'

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/**
 * A visitor's text as one line of Slack mrkdwn of at most `max` UTF-16 units. It is never empty, and contains no live
 * mention or link. Slack asks to escape exactly & < >: https://docs.slack.dev/messaging/formatting-message-text
 */
export function slackText(text: string | null, max: number): string {
  const line = lineOf(text)
  if (line === null) return unknownText
  const neutralized = line
    .replace(linkStart, `$&${zeroWidthSpace}`)
    .replace(wordMarkers, `${zeroWidthSpace}$&${zeroWidthSpace}`)
    .replace(codeMarker, graveAccent)
    .replace(quotation, `${zeroWidthSpace}$&`)
  return clipEscaped(neutralized, max, escapeSlack)
}

/** The most characters of a section's text. */
const linkLengthMax = 2_500

/** A section with a link. Slack refuses the whole message for a section that is too long, so it then has no link. */
export function linkBlocks(link: string, linkText: string): object[] {
  const url = link
    .replaceAll('&', '&amp;')
    .replaceAll('<', '%3C')
    .replaceAll('>', '%3E')
    .replaceAll('|', '%7C')
  if (url.length > linkLengthMax || !/^https?:\/\/\S+$/.test(url)) return []
  return [{ type: 'section', text: { type: 'mrkdwn', text: `<${url}|${linkText}>` } }]
}

function escapeSlack(text: string): string {
  return text.replace(/[&<>]/g, (character) => entities[character] ?? character)
}
