import { clipText } from '../../text/clip-text.ts'
import type { AlertText } from '../destination.ts'
import { discordText } from './discord-text.ts'

/** https://discord.com/developers/docs/resources/message#embed-object-embed-limits: 256, 4,096, and 6,000 in all. */
const lengthMax = { headline: 256, summary: 1_500, cause: 700, siteName: 200, link: 500, url: 2_048 }
const colours = { firing: 0xd92d20, resolved: 0x17803d, test: 0x667085 }

/**
 * An alert as a Discord message.
 * @param at the time of the evaluation
 */
export function discordAlert(alert: AlertText, at: Date): object {
  const { phase, headline, summary, causes, link, siteName } = alert
  const lines = causes.map((cause) => `• ${discordText(cause, lengthMax.cause)}`)
  const linkLines = isShowable(link) ? [] : [clipText(link, lengthMax.link)]
  return {
    embeds: [
      {
        title: discordText(headline, lengthMax.headline),
        description: [discordText(summary, lengthMax.summary), ...lines, ...linkLines].join('\n'),
        ...(isShowable(link) ? { url: link } : {}),
        color: colours[phase],
        footer: { text: `Ghostpost alert of ${clipText(siteName, lengthMax.siteName)}` },
        timestamp: at.toISOString(),
      },
    ],
    allowed_mentions: { parse: [] },
  }
}

const dottedHost = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{1,63}$/i

/**
 * Whether Discord accepts the address of an embed. It refuses the whole message for a host name without a dot
 * (https://github.com/bugsink/bugsink/issues/280), so the address is then a part of the text.
 */
function isShowable(link: string): boolean {
  if (link.length > lengthMax.url || !URL.canParse(link)) return false
  const { protocol, hostname } = new URL(link)
  const isWeb = protocol === 'https:' || protocol === 'http:'
  return isWeb && dottedHost.test(hostname)
}
