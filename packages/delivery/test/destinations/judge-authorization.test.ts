import { describe, expect, test } from 'vitest'
import type { AuthorizationFailure } from '../../src/deliver/outcome.ts'
import { destinationOf } from '../../src/destinations/registry.ts'
import { judge } from '../../src/deliver/judge.ts'
import { brief, failureIn, now } from './response-factory.ts'

function verdictOn(failure: AuthorizationFailure) {
  const settings = { repeatUnknownOutcomes: false, now }
  return judge({ kind: 'authorization_failed', failure }, destinationOf('salesforce'), settings)
}

const refused = (status: number, error: string, retryAfter: string | null = null): AuthorizationFailure => ({
  kind: 'refused',
  status,
  error,
  retryAfter,
})

describe('the verdict without an access token', () => {
  test.each([
    [refused(400, 'invalid_client'), 'give_up authorization_invalid_client'],
    [refused(400, 'invalid_client_id'), 'give_up authorization_invalid_client'],
    [refused(400, 'invalid_grant'), 'give_up authorization_invalid_grant'],
    [refused(400, 'inactive_user'), 'give_up authorization_user_inactive'],
    [refused(400, 'unsupported_grant_type'), 'give_up authorization_flow_not_allowed'],
    [refused(400, 'rate_limit_exceeded'), 'retry authorization_unavailable'],
    [refused(400, ''), 'give_up authorization_refused'],
    [refused(200, ''), 'retry authorization_unreadable'],
    [refused(302, ''), 'give_up authorization_endpoint_unknown'],
    [refused(404, ''), 'give_up authorization_endpoint_unknown'],
    [refused(400, 'app_not_found'), 'give_up authorization_app_not_found'],
    [refused(400, 'invalid_assertion'), 'give_up authorization_assertion_refused'],
    [refused(400, 'invalid_audience'), 'give_up authorization_audience_refused'],
    [refused(400, 'oauth_approval_error_generic'), 'give_up authorization_app_blocked'],
    [refused(429, '', '7'), 'retry authorization_unavailable after 7000'],
    [refused(503, ''), 'retry authorization_unavailable'],
    [refused(400, 'constructor'), 'give_up authorization_refused'],
    [{ kind: 'no_answer', code: 'timed_out' }, 'retry authorization_no_answer'],
    [{ kind: 'address_forbidden', reason: 'loopback' }, 'give_up authorization_address_forbidden'],
    [{ kind: 'key_unusable' }, 'give_up authorization_key_unusable'],
  ] satisfies [AuthorizationFailure, string][])('%j: %s', (failure, verdict) => {
    const judged = verdictOn(failure)
    expect(brief(judged)).toBe(verdict)
    expect(failureIn(judged).outcomeUnknown).toBe(false)
    expect(judged.decision === 'give_up' && failureIn(judged).remedy === null).toBe(false)
  })
})

test.each(['app_not_found', 'invalid_assertion', 'invalid_audience'])(
  'the remedy of %s names the app or the audience',
  (error) => {
    expect(failureIn(verdictOn(refused(400, error))).remedy).toMatch(/app|audience/)
  },
)
