import type { HttpResponse } from '../../deliver/outcome.ts'
import type { Verdict } from '../../deliver/verdict.ts'
import type { VisitorProfile } from '../../visitors/visitor-profile.ts'
import type { Destination } from '../destination.ts'
import { isSuccess, judgeByStatus, retryAfterOf } from '../judge-by-status.ts'
import { locationText } from '../../text/clip-text.ts'
import { delivered, verdictOf, type VerdictRule } from '../verdict-rule.ts'
import { compatibleCauses, compatibleRule } from './slack-compatible.ts'
import { readSlackResponse, shownCode } from './slack-response.ts'
import { slackRules, type SlackRule } from './slack-rules.ts'
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

/**
 * Decides by the error in the body, at any status: Slack's sources disagree on the status, and its API reports errors
 * with 200. A web page in place of a response proves nothing, and a repeat could show the message twice.
 */
function judgeResponse(response: HttpResponse, now: Date): Verdict {
  const { errorCode, isRefused, isPage } = readSlackResponse(response)
  const rule = slackRules.get(errorCode)
  if (rule !== undefined) return refusal(causeOf(errorCode), rule, response, now)
  const mayBeError = isRefused || !isSuccess(response.status)
  const compatible = mayBeError ? compatibleRule(errorCode) : null
  if (compatible !== null) return refusal(`slack_${compatible[0]}`, compatible[1], response, now)
  if (isPage) return verdictOf(unreadable)
  if (!isSuccess(response.status)) return judgeByStatus(response, now)
  return isRefused
    ? refusal(`slack_${unknownErrorCause}`, unknownError(errorCode), response, now)
    : delivered()
}

function refusal(
  cause: string,
  [decision, what, remedy]: SlackRule,
  response: HttpResponse,
  now: Date,
): Verdict {
  const message = `Slack refused the message: ${what}.`
  return verdictOf({ decision, cause, message, remedy }, retryAfterOf(response, now))
}

const unknownErrorCause = 'refused'

function unknownError(errorCode: string): SlackRule {
  const code = shownCode(errorCode)
  const what = code === null ? 'the response says so' : `the response says ${code}`
  return [
    'give_up',
    what,
    'Look the error up in the documentation of the chat, and correct the URL or the webhook.',
  ]
}

const unreadable: VerdictRule = {
  decision: 'give_up',
  cause: 'slack_answer_unreadable',
  message: 'A web page came in place of a response of Slack, so nobody knows whether the message was posted.',
  remedy:
    'Check whether the message arrived, and that the URL is that of an incoming webhook and of no sign-in page.',
  outcomeUnknown: true,
}

const rateLimitCodes: ReadonlySet<string> = new Set(['rate_limited', 'ratelimited'])

/** Every type shares the cause of a rate limit. */
function causeOf(errorCode: string): string {
  return rateLimitCodes.has(errorCode) ? 'rate_limited' : `slack_${errorCode}`
}

/** The causes that only Slack has. */
export const slackCauses: readonly string[] = [
  ...[...slackRules.keys()].filter((errorCode) => !rateLimitCodes.has(errorCode)).map(causeOf),
  ...[...compatibleCauses, unknownErrorCause].map((cause) => `slack_${cause}`),
  unreadable.cause,
]
