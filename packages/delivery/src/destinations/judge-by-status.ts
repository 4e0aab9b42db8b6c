import type { HttpResponse } from '../deliver/outcome.ts'
import { parseRetryAfterMs } from '../deliver/retry-schedule.ts'
import type { Verdict } from '../deliver/verdict.ts'
import { delivered, verdictOf, type VerdictRule } from './verdict-rule.ts'

/**
 * Judges a response by its status alone. 2xx: delivered, whatever the body. 408, 425, 429 and 5xx (except 501 and 505):
 * retry, no earlier than Retry-After asks. Any other status: give up. Redirects are not followed.
 */
export function judgeByStatus(response: HttpResponse, now: Date): Verdict {
  const { status } = response
  if (isSuccess(status)) return delivered()
  const [decision, cause, what, remedy] = statusRules.get(status) ?? ruleOfClass(status)
  const message = `The receiver answered ${status}: ${what}.`
  return verdictOf({ decision, cause, message, remedy }, retryAfterOf(response, now))
}

/** True for 2xx. */
export function isSuccess(status: number): boolean {
  return status >= 200 && status <= 299
}

/** The wait that the Retry-After header asks for, in milliseconds; null without one. */
export function retryAfterOf(response: HttpResponse, now: Date): number | null {
  return parseRetryAfterMs(response.headers['retry-after'], now)
}

type StatusRule = readonly [decision: VerdictRule['decision'], cause: string, what: string, remedy: string]

const retriedText = 'It is tried again by itself'
const gatewayRemedy = `${retriedText}; if it stays, look at the gateway before the receiver.`

/** RFC 9110 §15, RFC 6585, RFC 8470; Cloudflare sends 52x and 530 for a receiver it cannot reach. */
export const statusRules: ReadonlyMap<number, StatusRule> = new Map<number, StatusRule>([
  [400, ['give_up', 'bad_request', 'it refuses the request', 'See its answer for what it expects.']],
  [
    401,
    [
      'give_up',
      'unauthorized',
      'it wants credentials that it accepts',
      'Correct the credentials: in the URL, or in the headers of a saved destination.',
    ],
  ],
  [403, ['give_up', 'forbidden', 'it does not allow this request', 'Check the URL and who may call it.']],
  [404, ['give_up', 'not_found', 'nothing is there', 'Check the path of the webhook URL.']],
  [405, ['give_up', 'method_not_allowed', 'it takes no POST', 'Check that the URL is that of a webhook.']],
  [
    408,
    [
      'retry',
      'receiver_timeout',
      'the request took too long',
      `${retriedText}; if it stays, look why the receiver reads so slowly.`,
    ],
  ],
  [
    409,
    [
      'give_up',
      'conflict',
      'the request conflicts with what it has',
      'See its answer for what it conflicts with.',
    ],
  ],
  [
    410,
    ['receiver_gone', 'receiver_gone', 'it is gone for good', 'Use the URL of a webhook that still exists.'],
  ],
  [
    413,
    [
      'give_up',
      'payload_too_large',
      'the payload is too large',
      'Raise its limit, or leave out journey and events.',
    ],
  ],
  [414, ['give_up', 'url_too_long', 'the URL is too long', 'Use a shorter webhook URL.']],
  [
    415,
    ['give_up', 'unsupported_media_type', 'it takes no JSON', 'Let it accept Content-Type application/json.'],
  ],
  [
    422,
    ['give_up', 'payload_rejected', 'it does not accept the payload', 'See its answer for what it expects.'],
  ],
  [425, ['retry', 'too_early', 'it is too early for this request', `${retriedText}.`]],
  [
    429,
    [
      'retry',
      'rate_limited',
      'too many requests',
      `${retriedText}; a saved destination with a rate_limit would not run into it.`,
    ],
  ],
  [
    431,
    [
      'give_up',
      'headers_too_large',
      'the headers are too large',
      'Remove custom headers, or let it take larger ones.',
    ],
  ],
  [
    501,
    [
      'give_up',
      'not_implemented',
      'it does not know this kind of request',
      'Check that the URL is that of a webhook.',
    ],
  ],
  [502, ['retry', 'receiver_unavailable', 'a gateway could not reach it', gatewayRemedy]],
  [
    503,
    [
      'retry',
      'receiver_unavailable',
      'it is not available right now',
      `${retriedText}; if it stays, bring the receiver back.`,
    ],
  ],
  [504, ['retry', 'receiver_unavailable', 'a gateway waited for it in vain', gatewayRemedy]],
  [505, ['give_up', 'http_version_unsupported', 'it does not speak HTTP/1.1', 'Let it accept HTTP/1.1.']],
])

function ruleOfClass(status: number): StatusRule {
  if (status >= 300 && status <= 399) {
    return [
      'give_up',
      'redirect_not_followed',
      'redirects are not followed',
      'Use the URL the receiver redirects to.',
    ]
  }
  if (status >= 400 && status <= 499) {
    return ['give_up', 'request_refused', 'it refuses the request', 'See its answer for what it expects.']
  }
  if ((status >= 520 && status <= 529) || status === 530) {
    return ['retry', 'receiver_unavailable', 'its proxy could not reach it', gatewayRemedy]
  }
  if (status >= 500 && status <= 599) {
    return [
      'retry',
      'receiver_error',
      'it failed',
      `${retriedText}; if it stays, look into the receiver's log.`,
    ]
  }
  return [
    'give_up',
    'unexpected_status',
    'this status means nothing here',
    'Check what listens on this address.',
  ]
}

/** The causes of the statuses: those of the table, and one of each class without a row in it. */
export const statusCauses: readonly string[] = [
  ...new Set([...statusRules.values(), ...[100, 399, 499, 599].map(ruleOfClass)].map(([, cause]) => cause)),
]
