import { Type, type Static } from 'typebox'

/** Every error code the API answers with: its HTTP status and what a caller can do about it. */
export const apiErrors = {
  validation_failed: {
    status: 400,
    remedy: 'Correct the fields named in `details` and send the request again.',
  },
  malformed_json: { status: 400, remedy: 'Send a body that is valid JSON.' },
  malformed_request: { status: 400, remedy: 'Send valid HTTP/1.1 with a well-formed URL.' },
  invalid_credentials: { status: 401, remedy: 'Check the e-mail address and the password.' },
  unauthenticated: { status: 401, remedy: 'Sign in with POST /api/session and send its `session` cookie.' },
  forbidden: { status: 403, remedy: 'Ask an admin of this site for the role named in `message`.' },
  cross_site: {
    status: 403,
    remedy: 'Send it from the API’s own origin; an operator can add others to GHOSTPOST_TRUSTED_ORIGINS.',
  },
  destination_not_found: { status: 404, remedy: 'Check the destination id and its site.' },
  not_found: { status: 404, remedy: 'Check the path; /docs lists every route.' },
  site_not_found: { status: 404, remedy: 'Use a `siteId` your account can reach.' },
  visitor_not_found: { status: 404, remedy: 'Check `ghost_vid` and `siteId`.' },
  delivery_not_found: { status: 404, remedy: 'Check the delivery id.' },
  failure_group_not_found: {
    status: 404,
    remedy: 'Check the fingerprint; groups end with their last dead letter.',
  },
  operation_not_found: { status: 404, remedy: 'Check the operation id.' },
  alert_rule_not_found: { status: 404, remedy: 'Check the alert rule id and its site.' },
  filter_required: {
    status: 400,
    remedy: 'Say which: a filter with at least one field, delivery ids, or a visitor filter.',
  },
  delivery_unfinished: {
    status: 409,
    remedy: 'Wait until it is delivered or failed, or cancel it first.',
  },
  delivery_finished: { status: 409, remedy: 'Nothing is left to cancel.' },
  confirmation_needed: {
    status: 409,
    remedy: 'The receiver has it already. Send `confirm_duplicate: true` to send it once more.',
  },
  payload_gone: { status: 409, remedy: 'Its bytes are no longer stored; re-export it with fresh data.' },
  visitor_gone: { status: 409, remedy: 'The profile is gone; the stored bytes may still be resent.' },
  operation_running: {
    status: 409,
    remedy: 'The same operation is running or paused; look at it under the id in `details`.',
  },
  operation_state: { status: 409, remedy: 'Look at the operation’s state; a plan is good for an hour.' },
  lane_running: { status: 409, remedy: 'Nothing is held back there.' },
  idempotency_conflict: { status: 409, remedy: 'Use a new Idempotency-Key for another request.' },
  destination_disabled: { status: 409, remedy: 'Correct the destination and set its state to enabled.' },
  destination_exists: { status: 409, remedy: 'Choose another name; names are unique in a site.' },
  alert_rule_exists: { status: 409, remedy: 'Choose another name; names are unique in a site.' },
  alert_rule_limit: { status: 409, remedy: 'Delete a rule that nobody needs, or widen one.' },
  request_timeout: { status: 408, remedy: 'Send the whole request within 20 s.' },
  body_too_large: { status: 413, remedy: 'Send at most 64 KiB.' },
  unsupported_media_type: { status: 415, remedy: 'Send JSON with Content-Type: application/json.' },
  rate_limited: { status: 429, remedy: 'Wait as long as the Retry-After header says.' },
  headers_too_large: { status: 431, remedy: 'Send at most 16 KiB of headers.' },
  internal_error: { status: 500, remedy: 'Try again; if it stays, tell the operator the request_id.' },
  secrets_not_configured: { status: 501, remedy: 'Ask the operator to set GHOSTPOST_SECRET_KEYS.' },
  email_not_configured: {
    status: 501,
    remedy: 'Ask the operator to set GHOSTPOST_SMTP_URL and GHOSTPOST_SMTP_FROM.',
  },
  receiver_refused: {
    status: 502,
    remedy: 'Do what `details` says; nothing is lost by trying again.',
  },
  overloaded: { status: 503, remedy: 'Nothing was stored. Try again after the time in Retry-After.' },
  unavailable: {
    status: 503,
    remedy:
      'Try again after the time in Retry-After; with the same Idempotency-Key it cannot become two, whatever was stored.',
  },
} as const satisfies Record<string, { status: number; remedy: string }>

export type ApiErrorCode = keyof typeof apiErrors

export const ErrorDetail = Type.Object({
  field: Type.String({ description: 'The field, header or parameter that is wrong.' }),
  expected: Type.String({ description: 'What was expected there.' }),
})

export type ErrorDetail = Static<typeof ErrorDetail>

/** A request refused before anything was stored. */
export const ErrorResponse = Type.Object(
  {
    success: Type.Literal(false),
    error: Type.Object({
      code: Type.String({ description: Object.keys(apiErrors).join(', ') }),
      message: Type.String(),
      details: Type.Optional(Type.Array(ErrorDetail)),
    }),
    request_id: Type.String(),
  },
  { description: 'Refused before anything was stored.' },
)
