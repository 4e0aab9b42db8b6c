import { Type, type Static } from 'typebox'

/** Every error code of the API, with its HTTP status and what a caller can do about it. */
export const apiErrors = {
  validation_failed: {
    status: 400,
    remedy: 'Correct the fields named in `details` and send the request again.',
  },
  malformed_json: { status: 400, remedy: 'Send a body that is valid JSON.' },
  malformed_request: { status: 400, remedy: 'Send valid HTTP/1.1 with a well-formed URL.' },
  idempotency_key_refused: {
    status: 400,
    remedy:
      'Send the request without Idempotency-Key. Before you repeat one without a response, check whether it had an ' +
      'effect.',
  },
  invalid_credentials: { status: 401, remedy: 'Check the e-mail address and the password.' },
  unauthenticated: {
    status: 401,
    remedy:
      'Sign in with POST /api/session and send its `session` cookie, or send an API key: Authorization: Bearer gp_…',
  },
  forbidden: { status: 403, remedy: 'Ask an admin of this site for the role named in `message`.' },
  password_sign_in_off: { status: 403, remedy: 'Sign in through the single sign-on of your organisation.' },
  wrong_password: { status: 403, remedy: 'Check the current password.' },
  cross_site: {
    status: 403,
    remedy:
      'Send the request from the API’s own origin. An operator can add other origins to ' +
      'GHOSTPOST_TRUSTED_ORIGINS.',
  },
  destination_not_found: { status: 404, remedy: 'Check the destination id and its site.' },
  not_found: { status: 404, remedy: 'Check the path; /docs lists every route.' },
  site_not_found: { status: 404, remedy: 'Use a `siteId` that your account can access.' },
  session_not_found: { status: 404, remedy: 'Check the session id. You can end your own live sessions.' },
  account_not_found: { status: 404, remedy: 'Check the id of the account. It needs a role in the site.' },
  link_not_found: {
    status: 404,
    remedy: 'Ask an admin for a new link. A link works once, until it expires or a newer one replaces it.',
  },
  api_key_not_found: { status: 404, remedy: 'Check the id of the API key and its site.' },
  visitor_not_found: { status: 404, remedy: 'Check `ghost_vid` and `siteId`.' },
  suppression_not_found: { status: 404, remedy: 'Nothing. The visitor is not suppressed.' },
  delivery_not_found: { status: 404, remedy: 'Check the delivery id.' },
  failure_group_not_found: {
    status: 404,
    remedy: 'Check the fingerprint. A group ends with its last dead letter.',
  },
  operation_not_found: { status: 404, remedy: 'Check the operation id.' },
  alert_rule_not_found: { status: 404, remedy: 'Check the alert rule id and its site.' },
  filter_required: {
    status: 400,
    remedy: 'Send a filter with at least one field, delivery ids, or a visitor filter.',
  },
  delivery_unfinished: {
    status: 409,
    remedy: 'Wait until the delivery is delivered or failed, or cancel it first.',
  },
  delivery_finished: { status: 409, remedy: 'Nothing. The delivery is finished, so it cannot be cancelled.' },
  confirmation_needed: {
    status: 409,
    remedy: 'The receiver already has this delivery. Set `confirm_duplicate: true` to send it again.',
  },
  payload_gone: {
    status: 409,
    remedy: 'The payload is no longer stored. Re-export the visitor with fresh data.',
  },
  visitor_gone: {
    status: 409,
    remedy: 'The profile no longer exists. The stored payload may still be resent.',
  },
  visitor_suppressed: {
    status: 409,
    remedy: 'The visitor was erased. An admin can lift the suppression: DELETE …/suppression.',
  },
  operation_running: {
    status: 409,
    remedy: 'The same operation is running or paused. Read it by the id in `details`.',
  },
  operation_state: { status: 409, remedy: 'Check the operation’s state. A plan expires after an hour.' },
  installation_held: {
    status: 409,
    remedy: 'Ask the operator to remove GHOSTPOST_HOLD. Until then nothing is sent.',
  },
  lane_running: { status: 409, remedy: 'Nothing. The lane is not paused.' },
  idempotency_conflict: { status: 409, remedy: 'Use a new Idempotency-Key for a different request.' },
  destination_disabled: { status: 409, remedy: 'Correct the destination and set its state to enabled.' },
  destination_exists: { status: 409, remedy: 'Choose another name. Names are unique in a site.' },
  alert_rule_exists: { status: 409, remedy: 'Choose another name. Names are unique in a site.' },
  alert_rule_limit: { status: 409, remedy: 'Delete a rule, or make one rule cover more.' },
  account_exists: { status: 409, remedy: 'Change its role instead, or make a new link for it.' },
  account_elsewhere: { status: 409, remedy: 'Ask an admin of every site to give it the role.' },
  account_disabled: { status: 409, remedy: 'Enable the account first.' },
  account_limit: { status: 409, remedy: 'Remove accounts from the site that nobody uses.' },
  own_account: { status: 409, remedy: 'Ask another admin to do it.' },
  last_admin: { status: 409, remedy: 'Make another account that can sign in an admin first.' },
  setup_done: { status: 409, remedy: 'Sign in, or ask an admin for an invitation.' },
  api_key_exists: { status: 409, remedy: 'Choose another name, or revoke the API key of that name.' },
  api_key_limit: { status: 409, remedy: 'Revoke API keys that nobody uses.' },
  method_not_allowed: { status: 405, remedy: 'Use one of the methods in the Allow header.' },
  request_timeout: { status: 408, remedy: 'Send the whole request within 20 s.' },
  body_too_large: { status: 413, remedy: 'Send at most 64 KiB; a batch of visitors may have 64 MiB.' },
  unsupported_media_type: { status: 415, remedy: 'Send JSON with Content-Type: application/json.' },
  host_not_allowed: {
    status: 421,
    remedy:
      'Use the host of GHOSTPOST_PUBLIC_URL, or ask the operator to add yours to GHOSTPOST_ALLOWED_HOSTS.',
  },
  rate_limited: { status: 429, remedy: 'Wait for the time in the Retry-After header.' },
  headers_too_large: { status: 431, remedy: 'Send at most 16 KiB of headers.' },
  internal_error: {
    status: 500,
    remedy: 'Try again. If it fails again, report the request_id to the operator.',
  },
  secrets_unreadable: {
    status: 409,
    remedy:
      'Restore the key in GHOSTPOST_SECRET_KEYS, or change the destination with its webhook_url and all its secrets.',
  },
  secrets_not_configured: { status: 501, remedy: 'Ask the operator to set GHOSTPOST_SECRET_KEYS.' },
  oidc_not_configured: { status: 404, remedy: 'Ask the operator to set GHOSTPOST_OIDC_ISSUER.' },
  email_not_configured: {
    status: 501,
    remedy: 'Ask the operator to set GHOSTPOST_SMTP_URL and GHOSTPOST_SMTP_FROM.',
  },
  receiver_refused: {
    status: 502,
    remedy: 'Follow `details`, then try again. Trying again is safe.',
  },
  overloaded: {
    status: 503,
    remedy: 'Nothing was stored. Try again after the time in the Retry-After header.',
  },
  unavailable: {
    status: 503,
    remedy:
      'Try again after the time in the Retry-After header. The same Idempotency-Key prevents a second ' +
      'delivery if the first request was stored.',
  },
} as const satisfies Record<string, { status: number; remedy: string }>

export type ApiErrorCode = keyof typeof apiErrors

export const ErrorDetail = Type.Object({
  field: Type.String({ description: 'The field, header or parameter that is wrong.' }),
  expected: Type.String({ description: 'What was expected there.' }),
})

export type ErrorDetail = Static<typeof ErrorDetail>

/** The response to a refused request. */
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
  { description: 'The request was refused; nothing was stored.' },
)
