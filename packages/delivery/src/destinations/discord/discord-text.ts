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

const urlLengthMax = 2_048
const dottedHost = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{1,63}$/i

/**
 * Whether Discord accepts the address of an embed. It refuses the whole message for a host name without a dot
 * (https://github.com/bugsink/bugsink/issues/280), so the address is then a part of the text.
 */
export function isShowable(link: string): boolean {
  if (link.length > urlLengthMax || !URL.canParse(link)) return false
  const { protocol, hostname } = new URL(link)
  const isWeb = protocol === 'https:' || protocol === 'http:'
  return isWeb && dottedHost.test(hostname)
}
