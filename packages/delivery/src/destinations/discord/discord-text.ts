import { clipEscaped } from '../../text/clip-text.ts'
import { lineOf } from '../../text/text-line.ts'

/** Discord refuses an empty field value. */
export const emptyText = '—'

/** What Discord's clients would make live without any brackets: links, and the two mentions that have no id. */
const autoLinked = /:(?=\/\/)|@(?=everyone|here)/gi
const zeroWidthSpace = '\u200b'

/**
 * A visitor's text as one line of Discord Markdown, at most `max` UTF-16 units, that can neither format, mention, link nor
 * be empty. https://discord.com/developers/docs/reference#message-formatting: mentions, timestamps and commands all
 * start with "<", masked links with "[".
 */
export function discordText(text: string | null, max: number): string {
  const line = lineOf(text)
  if (line === null) return emptyText
  const neutralized = line.replace(autoLinked, `$&${zeroWidthSpace}`)
  return clipEscaped(neutralized, max, escapeDiscord)
}

function escapeDiscord(text: string): string {
  return text.replace(/[\\*_~`|>#\-[\]()]/g, '\\$&').replaceAll('<', `\\<${zeroWidthSpace}`)
}
