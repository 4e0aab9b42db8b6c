import { clipText } from '../../text/clip-text.ts'
import type { AlertText } from '../destination.ts'
import { linkBlocks, slackText } from './slack-text.ts'

/** https://docs.slack.dev/reference/block-kit/blocks: a header takes 150 characters, the text of a section 3,000. */
const lengthMax = { headline: 150, summary: 1_400, cause: 500, siteName: 255 }

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
      ...linkBlocks(link, 'Open it in the dashboard'),
      {
        type: 'context',
        elements: [{ type: 'mrkdwn', text: `Ghostpost alert of ${slackText(siteName, lengthMax.siteName)}` }],
      },
    ],
  }
}
