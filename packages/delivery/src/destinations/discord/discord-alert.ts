import { clipText } from '../../text/clip-text.ts'
import type { AlertText } from '../destination.ts'
import { discordText, isShowable } from './discord-text.ts'

/** https://discord.com/developers/docs/resources/message#embed-object-embed-limits: 256, 4,096, and 6,000 in all. */
const lengthMax = { headline: 256, summary: 1_500, cause: 700, siteName: 200, link: 500 }
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
