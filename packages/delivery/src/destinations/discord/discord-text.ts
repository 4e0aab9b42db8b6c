import { clipEscaped, lineOf } from '../../text/clip-text.ts'

/** Discord refuses an empty field value. */
export const emptyText = '—'

/** Discord's clients turn these into links and mentions without any brackets. */
const autoLinked = /:(?=\/\/)|@(?=everyone|here)/gi
const zeroWidthSpace = '\u200b'

/**
 * A visitor's text as one line of Discord Markdown of at most `max` UTF-16 units. It is never empty and contains no
 * live formatting, mention or link. Mentions, timestamps and commands start with "<", masked links with "[":
 * https://discord.com/developers/docs/reference#message-formatting
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
