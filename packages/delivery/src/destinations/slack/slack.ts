import type { HttpResponse } from '../../deliver/outcome.ts'
import type { Verdict } from '../../deliver/verdict.ts'
import type { VisitorProfile } from '../../visitors/visitor-profile.ts'
import { isString, jsonOf, member } from '../../text/response-json.ts'
import type { Destination } from '../destination.ts'
import { isSuccess, judgeByStatus, retryAfterOf } from '../judge-by-status.ts'
import { locationText } from '../../text/clip-text.ts'
import { delivered, verdictOf, type VerdictRule } from '../verdict-rule.ts'
import { slackText } from './slack-text.ts'
import { slackTraits } from './slack-traits.ts'

/**
 * Longer than any real value. Two such parts and a label stay below the 2,000 characters of a section's field.
 * https://docs.slack.dev/reference/block-kit/blocks/section-block
 */
const partLengthMax = 255

const headline = 'New Lead from GHOST'

/** Incoming webhooks of Slack. They return no id and do not recognise a repeat: people see it twice. */
export const slackDestination: Destination = {
  traits: slackTraits,
  buildBody,
  prepareRequest: (url) => ({ url, headers: {} }),
  judgeResponse,
}

function buildBody(profile: VisitorProfile) {
  const visitor = slackText(profile.ghostVid, partLengthMax)
  const score = `${profile.score}/100`
  const location = locationText(profile, (part) => slackText(part, partLengthMax))
  return {
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: headline } },
      {
        type: 'section',
        fields: [
          field('Visitor ID', visitor),
          field('Score', score),
          field('Location', location),
          field('Sessions', String(profile.totalSessions)),
        ],
      },
    ],
    // Without a text, notifications read "This content can't be displayed."
    text: `${headline}: ${visitor}, score ${score}, ${location}`,
  }
}

function field(label: string, text: string) {
  return { type: 'mrkdwn', text: `*${label}:*\n${text}` }
}

/** Any 2xx means posted. Otherwise the word in the body decides, because Slack's sources disagree on the status. */
function judgeResponse(response: HttpResponse, now: Date): Verdict {
  if (isSuccess(response.status)) return delivered()
  const errorCode = errorCodeOf(response)
  const rule = slackRules.get(errorCode)
  if (rule === undefined) return judgeByStatus(response, now)
  const [decision, what, remedy] = rule
  return verdictOf(
    { decision, cause: causeOf(errorCode), message: `Slack refused the message: ${what}.`, remedy },
    retryAfterOf(response, now),
  )
}

/** Incoming webhooks respond with the bare word, other Slack APIs with `{"ok":false,"error":"…"}`. */
function errorCodeOf(response: HttpResponse): string {
  const error = member(jsonOf(response), 'error')
  return isString(error) ? error : response.body.trim()
}

type SlackRule = readonly [decision: VerdictRule['decision'], what: string, remedy: string]

const rateLimitCodes: ReadonlySet<string> = new Set(['rate_limited', 'ratelimited'])

/** Every type shares the cause of a rate limit. */
function causeOf(errorCode: string): string {
  return rateLimitCodes.has(errorCode) ? 'rate_limited' : `slack_${errorCode}`
}

const newWebhookRemedy = 'Create a new incoming webhook in Slack and use its URL.'
const reportRemedy = 'Report this: Ghostpost builds messages in another format than Slack expects.'
const invalidMessage = (what: string): SlackRule => ['give_up', what, reportRemedy]
const webhookGone = (what: string): SlackRule => ['receiver_gone', what, newWebhookRemedy]
const rateLimited: SlackRule = [
  'retry',
  'too many messages',
  'The system retries by itself. A saved destination with a rate_limit of 1 in 1 second stays below the limit.',
]

/** https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks and Slack's changelog of 2016-05-17. */
export const slackRules: ReadonlyMap<string, SlackRule> = new Map<string, SlackRule>([
  ['invalid_payload', invalidMessage('it cannot read the body')],
  ['no_text', invalidMessage('it finds no text')],
  ['missing_text_or_fallback_or_attachments', invalidMessage('it finds no text')],
  ['invalid_blocks', invalidMessage('it does not accept the blocks')],
  ['invalid_blocks_format', invalidMessage('it does not accept the format of the blocks')],
  ['too_many_attachments', invalidMessage('there are too many attachments')],
  ['user_not_found', ['give_up', 'the user does not exist', newWebhookRemedy]],
  [
    'action_prohibited',
    ['give_up', 'an administrator forbids it', 'Ask an administrator of the Slack workspace.'],
  ],
  [
    'posting_to_general_channel_denied',
    ['give_up', 'this webhook may not post to #general', 'Choose another channel for the webhook.'],
  ],
  ['no_team', webhookGone('the workspace does not exist')],
  ['no_service_id', webhookGone('the webhook does not exist')],
  ['no_service', webhookGone('the webhook was removed or disabled')],
  ['no_active_hooks', webhookGone('the webhook was disabled')],
  ['invalid_token', webhookGone('the URL is no longer valid')],
  ['team_disabled', webhookGone('the workspace is disabled')],
  ['channel_not_found', webhookGone('the channel no longer exists')],
  ['channel_is_archived', webhookGone('the channel is archived')],
  [
    'rollup_error',
    [
      'retry',
      'it had an internal error',
      "The system retries by itself. If this persists, check Slack's status page.",
    ],
  ],
  ['rate_limited', rateLimited],
  ['ratelimited', rateLimited],
])

/** The causes that only Slack has. */
export const slackCauses: readonly string[] = [...slackRules.keys()]
  .filter((errorCode) => !rateLimitCodes.has(errorCode))
  .map(causeOf)
