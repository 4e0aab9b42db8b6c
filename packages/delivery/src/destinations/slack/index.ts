import type { DestinationType } from '../destination.ts'
import { slackAlert } from './slack-alert.ts'
import { slackCauses, slackDestination } from './slack.ts'
import { renderSlackMessage, slackMessage } from './slack-message.ts'
import { slackTraits } from './slack-traits.ts'
import { checkSlackUrl } from './slack-url.ts'

export const slack: DestinationType = {
  traits: slackTraits,
  causes: slackCauses,
  plain: slackDestination,
  buildAlert: slackAlert,
  mapBody: slackMessage,
  renderMessage: renderSlackMessage,
  checkUrl: checkSlackUrl,
  sampleResponse: { status: 200, contentType: 'text/html', body: 'ok' },
}
