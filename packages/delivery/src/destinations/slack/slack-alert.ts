import { clipText } from '../../text/clip-text.ts'
import type { AlertText } from '../destination.ts'
import { slackText } from './slack-text.ts'

/** https://docs.slack.dev/reference/block-kit/blocks: a header takes 150 characters, the text of a section 3,000. */
const lengthMax = { headline: 150, summary: 1_400, cause: 500, siteName: 255, link: 2_500 }

/** An alert as a Slack message. */
export function slackAlert({ headline, summary, causes, link, siteName }: AlertText): object {
  const title = slackText(headline, lengthMax.headline)
  const lines = causes.map((cause) => `• ${slackText(cause, lengthMax.cause)}`)
  const details = [slackText(summary, lengthMax.summary), ...lines].join('\n')
  return {
    // Notifications show this text alone.
    text: `${title}. ${slackText(summary, lengthMax.summary)}`,
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: clipText(headline, lengthMax.headline) } },
      { type: 'section', text: { type: 'mrkdwn', text: details } },
      ...linkBlocks(link),
      {
        type: 'context',
        elements: [{ type: 'mrkdwn', text: `Ghostpost alert of ${slackText(siteName, lengthMax.siteName)}` }],
      },
    ],
  }
}

/** Slack refuses the whole message for a section that is too long, so it then has no link. */
function linkBlocks(link: string): object[] {
  const url = link
    .replaceAll('&', '&amp;')
    .replaceAll('<', '%3C')
    .replaceAll('>', '%3E')
    .replaceAll('|', '%7C')
  if (url.length > lengthMax.link || !/^https?:\/\/\S+$/.test(url)) return []
  return [{ type: 'section', text: { type: 'mrkdwn', text: `<${url}|Open it in the dashboard>` } }]
}
