import { clipText } from '../text/clip-text.ts'
import type { WebhookType } from '../destinations/destination.ts'
import { discordText } from '../destinations/discord/discord-text.ts'
import { slackText } from '../destinations/slack/slack-text.ts'
import { alertTraits } from './alert-rule.ts'
import { formatCause, type AlertMessage } from './format-alert.ts'

/** The log shows this instead of a visitor's id. No visitor has it. */
export const alertVid = 'gv_ghostpost_alert'

/**
 * The body of an alert's delivery.
 * @param at time of the measurement
 */
export function alertPayload(type: WebhookType, message: AlertMessage, at: Date): object {
  if (type === 'slack') return slackAlert(message)
  if (type === 'discord') return discordAlert(message, at)
  return genericPayload(message, at)
}

/** For programs. A visitor's profile has no `type`, so that programs can tell both apart. */
function genericPayload(message: AlertMessage, at: Date): object {
  const { phase, rule, headline, summary, value, window, link } = message
  return {
    type: 'ghostpost.alert',
    phase,
    headline,
    summary,
    rule: { id: rule.id, name: rule.name, kind: rule.kind },
    site: { id: rule.siteId, name: rule.siteName },
    value,
    threshold: alertTraits[rule.kind].threshold === null ? null : rule.threshold,
    window: { from: window.from.toISOString(), to: window.to.toISOString() },
    causes: message.causes,
    link,
    found_at: at.toISOString(),
  }
}

/** https://docs.slack.dev/reference/block-kit/blocks: a header takes 150 characters, a section's text 3,000. */
const slackLengths = { headline: 150, summary: 1_400, cause: 500 }

function slackAlert({ headline, summary, causes, link, rule }: AlertMessage): object {
  const title = slackText(headline, slackLengths.headline)
  const lines = causes.map((cause) => `• ${slackText(formatCause(cause), slackLengths.cause)}`)
  const what = [slackText(summary, slackLengths.summary), ...lines].join('\n')
  return {
    // A notification shows only this.
    text: `${title}. ${slackText(summary, slackLengths.summary)}`,
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: clipText(headline, slackLengths.headline) } },
      { type: 'section', text: { type: 'mrkdwn', text: what } },
      {
        type: 'section',
        text: { type: 'mrkdwn', text: `<${link.replaceAll('&', '&amp;')}|Open it in the dashboard>` },
      },
      {
        type: 'context',
        elements: [{ type: 'mrkdwn', text: `Ghostpost alert of ${slackText(rule.siteName, 255)}` }],
      },
    ],
  }
}

/** https://discord.com/developers/docs/resources/message#embed-object-embed-limits: 256, 4,096, in total 6,000. */
const discordLengths = { headline: 256, summary: 1_500, cause: 700 }
const colours = { firing: 0xd92d20, resolved: 0x17803d, test: 0x667085 }

function discordAlert({ phase, headline, summary, causes, link, rule }: AlertMessage, at: Date): object {
  const lines = causes.map((cause) => `• ${discordText(formatCause(cause), discordLengths.cause)}`)
  return {
    embeds: [
      {
        title: discordText(headline, discordLengths.headline),
        description: [discordText(summary, discordLengths.summary), ...lines].join('\n'),
        url: link,
        color: colours[phase],
        footer: { text: `Ghostpost alert of ${clipText(rule.siteName, 200)}` },
        timestamp: at.toISOString(),
      },
    ],
    allowed_mentions: { parse: [] },
  }
}
