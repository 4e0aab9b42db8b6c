import type { Answered } from '../../deliver/outcome.ts'
import type { Verdict } from '../../deliver/verdict.ts'
import type { VisitorProfile } from '../../visitors/visitor-profile.ts'
import { isText, jsonOf, member } from '../../text/answer-json.ts'
import type { Destination } from '../destination.ts'
import { isSuccess, judgeByStatus, retryAfterOf } from '../judge-by-status.ts'
import { placeText } from '../../text/place-text.ts'
import { delivered, verdictOf, type Ruling } from '../ruling.ts'
import { slackText } from './slack-text.ts'

/**
 * Longer than any real one. A field of a section takes 2,000 characters, which two such parts and a label stay under.
 * https://docs.slack.dev/reference/block-kit/blocks/section-block
 */
const partLengthMax = 255

const headline = 'New Lead from GHOST'

/** Incoming webhooks of Slack. They return no id and know no repeat: what is sent twice is seen twice. */
export const slack: Destination = {
  type: 'slack',
  repeatable: false,
  carriesWebhookId: false,
  buildBody,
  prepareRequest: (url) => ({ url, headers: {} }),
  judgeAnswer,
}

function buildBody(profile: VisitorProfile) {
  const visitor = slackText(profile.ghostVid, partLengthMax)
  const score = `${profile.score}/100`
  const location = placeText(profile, (part) => slackText(part, partLengthMax))
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
    // Without it notifications read "This content can't be displayed."
    text: `${headline}: ${visitor}, score ${score}, ${location}`,
  }
}

function field(label: string, text: string) {
  return { type: 'mrkdwn', text: `*${label}:*\n${text}` }
}

/** The word in the body says more than the status, about which Slack's own sources disagree; but any 2xx was posted. */
function judgeAnswer(answer: Answered, now: Date): Verdict {
  if (isSuccess(answer.status)) return delivered()
  const word = errorWord(answer)
  const row = slackRows.get(word)
  if (row === undefined) return judgeByStatus(answer, now)
  const [decision, what, remedy] = row
  const cause = limitWords.has(word) ? 'rate_limited' : `slack_${word}`
  return verdictOf(
    { decision, cause, message: `Slack refused the message: ${what}.`, remedy },
    retryAfterOf(answer, now),
  )
}

/** Incoming webhooks answer the bare word, other Slack surfaces `{"ok":false,"error":"…"}`. */
function errorWord(answer: Answered): string {
  const error = member(jsonOf(answer), 'error')
  return isText(error) ? error : answer.body.trim()
}

type Row = readonly [decision: Ruling['decision'], what: string, remedy: string]

const limitWords: ReadonlySet<string> = new Set(['rate_limited', 'ratelimited'])

const newWebhook = 'Create a new incoming webhook in Slack and use its URL.'
const report = 'Report this: the message does not have the form Slack wants.'
const ourForm = (what: string): Row => ['give_up', what, report]
const gone = (what: string): Row => ['receiver_gone', what, newWebhook]
const limited: Row = [
  'retry',
  'too many messages',
  'It is tried again by itself; a saved destination with a rate_limit of 1 in 1 second would not run into it.',
]

/** https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks and Slack's changelog of 2016-05-17. */
export const slackRows: ReadonlyMap<string, Row> = new Map<string, Row>([
  ['invalid_payload', ourForm('it cannot read the body')],
  ['no_text', ourForm('it finds no text')],
  ['missing_text_or_fallback_or_attachments', ourForm('it finds no text')],
  ['invalid_blocks', ourForm('it does not accept the blocks')],
  ['invalid_blocks_format', ourForm('it does not accept the form of the blocks')],
  ['too_many_attachments', ourForm('there are too many attachments')],
  ['user_not_found', ['give_up', 'the user it was meant for does not exist', newWebhook]],
  [
    'action_prohibited',
    ['give_up', 'an administrator forbids it', 'Ask an administrator of the Slack workspace.'],
  ],
  [
    'posting_to_general_channel_denied',
    ['give_up', 'this webhook may not post to #general', 'Choose another channel for the webhook.'],
  ],
  ['no_team', gone('the workspace does not exist')],
  ['no_service_id', gone('the webhook does not exist')],
  ['no_service', gone('the webhook was removed or disabled')],
  ['no_active_hooks', gone('the webhook was disabled')],
  ['invalid_token', gone('the URL is not valid any more')],
  ['team_disabled', gone('the workspace is disabled')],
  ['channel_not_found', gone('the channel does not exist any more')],
  ['channel_is_archived', gone('the channel is archived')],
  [
    'rollup_error',
    ['retry', 'it failed inside', "It is tried again by itself; if it stays, look at Slack's status page."],
  ],
  ['rate_limited', limited],
  ['ratelimited', limited],
])
