import type { HttpResponse } from '../../deliver/outcome.ts'
import { isString, jsonOf, member } from '../../text/response-json.ts'
import { isSuccess, isWebPage } from '../judge-by-status.ts'

/**
 * Reads the responses of Slack and of the servers that accept Slack's format. Incoming webhooks of Slack respond with a
 * bare word. Slack's other APIs respond with `{"ok":false,"error":"…"}`, Rocket.Chat with `{"success":false}`
 * and Mattermost with `{"id":"….app_error","status_code":400}`.
 */
export interface SlackResponse {
  /** The error code; empty when the response has none. */
  errorCode: string
  /** The body says that the message was refused. */
  isRefused: boolean
  /** A web page in place of a response. */
  isPage: boolean
}

/** An error code of Slack has two words at least: `no_service`. `ok`, `true` or `success` is none. */
const errorWord = /^[a-z]+(?:_[a-z0-9]+)+$/
const codeShape = /^[a-z][a-z0-9_.-]{1,80}$/i

/** Parses a response. Never throws. */
export function readSlackResponse(response: HttpResponse): SlackResponse {
  const body = jsonOf(response)
  const named = [member(body, 'error'), member(body, 'errorType'), member(body, 'id')].filter(isString)
  const word = response.body.trim()
  const errorCode = unwrapped(named.find((value) => codeShape.test(unwrapped(value))) ?? named[0] ?? word)
  const saysNo =
    member(body, 'ok') === false ||
    member(body, 'success') === false ||
    hasErrorStatus(member(body, 'status_code'))
  return {
    errorCode,
    isRefused: saysNo || errorWord.test(word),
    isPage: isSuccess(response.status) && isWebPage(response.body),
  }
}

/** Rocket.Chat writes some codes in brackets: `[error-invalid-channel]`. */
function unwrapped(code: string): string {
  return code.replace(/^\[(.*)\]$/, '$1')
}

function hasErrorStatus(value: unknown): boolean {
  return typeof value === 'number' && value >= 400
}

/** A code as a message may name it; null for any other text of a response. */
export function shownCode(errorCode: string): string | null {
  return /^[a-z][a-z_]{1,60}$/.test(errorCode) ? errorCode : null
}
