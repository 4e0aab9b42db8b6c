import type { HttpResponse } from '../deliver/outcome.ts'
import { parseRetryAfterMs } from '../deliver/retry-after.ts'
import type { Verdict } from '../deliver/verdict.ts'
import { delivered, verdictOf, type VerdictRule } from './verdict-rule.ts'

/**
 * Judges a response by its status alone. 2xx: delivered, whatever the body. 408, 425, 429 and 5xx (except 501 and 505):
 * retry, no earlier than Retry-After asks. Any other status: give up. Redirects are not followed.
 */
export function judgeByStatus(response: HttpResponse, now: Date): Verdict {
  const { status } = response
  if (isSuccess(status)) return delivered()
  if (repliesElsewhere.has(status)) return verdictOf(redirectedReply(status))
  const [decision, cause, what, remedy] = statusRules.get(status) ?? ruleOfClass(status)
  const message = `The receiver responded with ${status}: ${what}.`
  return verdictOf({ decision, cause, message, remedy }, retryAfterOf(response, now))
}

/**
 * RFC 9110 §15.4: after a POST, 302 and 303 usually mean that the receiver has processed the request and offers its
 * reply at another URL, for a GET. Google Apps Script responds so, with a URL that works once.
 */
const repliesElsewhere: ReadonlySet<number> = new Set([302, 303])

function redirectedReply(status: number): VerdictRule {
  return {
    decision: 'give_up',
    cause: 'redirect_not_followed',
    message: `The receiver responded with ${status}: it may have processed the request before it redirected.`,
    remedy:
      'Check whether the data arrived. If they did not, use the URL of the webhook itself and not that of a page, ' +
      'a sign-in or a reply; if they did, make the receiver respond with 2xx.',
    outcomeUnknown: true,
  }
}

/** The body of a page for people. No webhook of a tool responds with one when it accepts a request. */
export function isWebPage(body: string): boolean {
  return /^\s*<(?:!doctype|html|head|body|\?xml|!--|title|script|div|h\d|p|center)\b/i.test(body)
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

const retriedText = 'The system retries by itself.'
const gatewayRemedy = `${retriedText} If this persists, check the gateway in front of the receiver.`

/** RFC 9110 §15, RFC 6585, RFC 8470; Cloudflare sends 52x and 530 for a receiver it cannot reach. */
export const statusRules: ReadonlyMap<number, StatusRule> = new Map<number, StatusRule>([
  [
    400,
    [
      'give_up',
      'bad_request',
      'it refuses the request',
      'Read the response: it says what the receiver expects.',
    ],
  ],
  [
    401,
    [
      'give_up',
      'unauthorized',
      'it requires valid credentials',
      'Correct the credentials in the URL, or in the headers of a saved destination.',
    ],
  ],
  [403, ['give_up', 'forbidden', 'it does not allow this request', 'Check the URL and who may call it.']],
  [404, ['give_up', 'not_found', 'there is nothing at this path', 'Check the path of the webhook URL.']],
  [
    405,
    ['give_up', 'method_not_allowed', 'it does not accept POST', 'Check that the URL belongs to a webhook.'],
  ],
  [
    408,
    [
      'retry',
      'receiver_timeout',
      'the request took too long',
      `${retriedText} If this persists, check why the receiver reads slowly.`,
    ],
  ],
  [
    409,
    [
      'give_up',
      'conflict',
      'the request conflicts with existing data',
      'Read the response: it says what the request conflicts with.',
    ],
  ],
  [
    410,
    [
      'receiver_gone',
      'receiver_gone',
      'it is permanently gone',
      'Use the URL of a webhook that still exists.',
    ],
  ],
  [
    413,
    [
      'give_up',
      'payload_too_large',
      'the payload is too large',
      'Raise the limit of the receiver, or leave out journey and events.',
    ],
  ],
  [414, ['give_up', 'url_too_long', 'the URL is too long', 'Use a shorter webhook URL.']],
  [
    415,
    [
      'give_up',
      'unsupported_media_type',
      'it does not accept JSON',
      'Make the receiver accept Content-Type application/json.',
    ],
  ],
  [
    422,
    [
      'give_up',
      'payload_rejected',
      'it does not accept the payload',
      'Read the response: it says what the receiver expects.',
    ],
  ],
  [425, ['retry', 'too_early', 'it is too early for this request', retriedText]],
  [
    429,
    [
      'retry',
      'rate_limited',
      'too many requests',
      `${retriedText} Set a rate_limit on a saved destination to stay below the limit.`,
    ],
  ],
  [
    431,
    [
      'give_up',
      'headers_too_large',
      'the headers are too large',
      'Remove custom headers, or raise the limit of the receiver.',
    ],
  ],
  [
    501,
    [
      'give_up',
      'not_implemented',
      'it does not support this kind of request',
      'Check that the URL belongs to a webhook.',
    ],
  ],
  [502, ['retry', 'receiver_unavailable', 'a gateway could not reach it', gatewayRemedy]],
  [
    503,
    [
      'retry',
      'receiver_unavailable',
      'it is not available right now',
      `${retriedText} If this persists, restore the receiver.`,
    ],
  ],
  [504, ['retry', 'receiver_unavailable', 'a gateway got no response from it in time', gatewayRemedy]],
  [
    505,
    [
      'give_up',
      'http_version_unsupported',
      'it does not support HTTP/1.1',
      'Make the receiver accept HTTP/1.1.',
    ],
  ],
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
    return [
      'give_up',
      'request_refused',
      'it refuses the request',
      'Read the response: it says what the receiver expects.',
    ]
  }
  if ((status >= 520 && status <= 529) || status === 530) {
    return ['retry', 'receiver_unavailable', 'its proxy could not reach it', gatewayRemedy]
  }
  if (status >= 500 && status <= 599) {
    return [
      'retry',
      'receiver_error',
      'it failed',
      `${retriedText} If this persists, read the receiver's log.`,
    ]
  }
  return [
    'give_up',
    'unexpected_status',
    'this status has no meaning here',
    'Check which service listens on this address.',
  ]
}

/** The causes of the statuses: those of the table, and one of each class without a row in it. */
export const statusCauses: readonly string[] = [
  ...new Set([...statusRules.values(), ...[100, 399, 499, 599].map(ruleOfClass)].map(([, cause]) => cause)),
]
