import type { AuthorizationFailure } from '../deliver/outcome.ts'
import { parseRetryAfterMs } from '../deliver/retry-after.ts'
import type { Verdict } from '../deliver/verdict.ts'
import { verdictOf, type VerdictRule } from './verdict-rule.ts'

/** Judges a failure to get an access token. The receiver got no request, so the outcome is never unknown. */
export function judgeAuthorization(failure: AuthorizationFailure, now: Date): Verdict {
  if (failure.kind === 'key_unusable') {
    return verdictOf(
      verdictRuleOf('give_up', 'key_unusable', 'The private key cannot sign.', replaceKeyRemedy),
    )
  }
  if (failure.kind === 'address_forbidden') {
    const message = `The token endpoint's address is not allowed: ${failure.reason}.`
    return verdictOf(verdictRuleOf('give_up', 'address_forbidden', message, replaceTokenUrlRemedy))
  }
  if (failure.kind === 'no_answer') {
    const message = `The token endpoint did not respond (${failure.code}).`
    return verdictOf(verdictRuleOf('retry', 'no_answer', message, retriedRemedy))
  }
  const rule = authorizationRules.get(failure.error) ?? ruleOfStatus(failure.status)
  return verdictOf(verdictRuleOf(...rule), parseRetryAfterMs(failure.retryAfter ?? undefined, now))
}

const replaceKeyRemedy = 'Give the destination an RSA key as PKCS#8 PEM.'
const replaceTokenUrlRemedy =
  'Use a public token_url, or ask an administrator to allow this one in GHOSTPOST_ALLOWED_ADDRESSES.'

type AuthorizationRule = readonly [
  decision: VerdictRule['decision'],
  cause: string,
  message: string,
  remedy: string,
]

function verdictRuleOf(...[decision, cause, message, remedy]: AuthorizationRule): VerdictRule {
  return { decision, cause: `authorization_${cause}`, message, remedy }
}

const wrongClient: AuthorizationRule = [
  'give_up',
  'invalid_client',
  'Salesforce does not know the connected app, or refuses its secret.',
  'Check client_id and client_secret. Salesforce needs up to ten minutes to activate a new connected app.',
]

const userNotReady: AuthorizationRule = [
  'give_up',
  'user_inactive',
  'The Salesforce user or organisation is not active.',
  'Make the connected app run as an active user.',
]

const flowNotAllowed: AuthorizationRule = [
  'give_up',
  'flow_not_allowed',
  'The connected app does not allow this kind of sign-in.',
  'Enable the client credentials flow, or digital signatures for JWT bearer, in the connected app.',
]

const appUnknown: AuthorizationRule = [
  'give_up',
  'app_not_found',
  'Salesforce does not find the app of client_id in this organisation.',
  [
    'Install the External Client App in the organisation, or correct client_id.',
    'JWT bearer: leave audience empty, or set it to the own domain of the organisation.',
  ].join(' '),
]

const appBlocked: AuthorizationRule = [
  'give_up',
  'app_blocked',
  'Salesforce does not let the user use this app.',
  'Ask an administrator of Salesforce to install or unblock the app, and to allow its user in the policies of the app.',
]

const assertionRefused: AuthorizationRule = [
  'give_up',
  'assertion_refused',
  'Salesforce refuses the signed assertion of the app.',
  [
    "Check that the app's certificate belongs to private_key, and client_id, username and audience:",
    'the default audience is the origin of token_url.',
  ].join(' '),
]

const audienceRefused: AuthorizationRule = [
  'give_up',
  'audience_refused',
  'Salesforce refuses the audience of the signed assertion.',
  'Leave audience empty, or set it to the own domain of the organisation.',
]

const notApproved: AuthorizationRule = [
  'give_up',
  'user_not_approved',
  'The Salesforce user has not approved this app.',
  'Pre-authorise the user: assign the profile or permission set in the policies of the app.',
]

const retriedRemedy = 'The system retries by itself. If this persists, check token_url.'
const unavailable: AuthorizationRule = [
  'retry',
  'unavailable',
  'The token endpoint cannot give a token right now.',
  retriedRemedy,
]

/**
 * OAuth's codes (RFC 6749 §5.2) and Salesforce's own:
 * https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_flow_errors.htm
 */
export const authorizationRules: ReadonlyMap<string, AuthorizationRule> = new Map<string, AuthorizationRule>([
  ['invalid_client', wrongClient],
  ['invalid_client_id', wrongClient],
  ['invalid_client_credentials', wrongClient],
  [
    'invalid_grant',
    [
      'give_up',
      'invalid_grant',
      'Salesforce does not allow this connected app to act for its user.',
      [
        "Client credentials: set the user it runs as, and use the organisation's own domain as token_url.",
        "JWT bearer: pre-authorise the user, and check username, audience and the app's certificate.",
      ].join(' '),
    ],
  ],
  ['app_not_found', appUnknown],
  ['oauth_ec_app_not_found', appUnknown],
  ['oauth_app_not_found', appUnknown],
  ['external_client_app_not_found', appUnknown],
  ['oauth_app_blocked', appBlocked],
  ['oauth_app_access_denied', appBlocked],
  ['oauth_approval_error_generic', appBlocked],
  ['oauth_ec_app_blocked', appBlocked],
  ['invalid_assertion', assertionRefused],
  ['invalid_assertion_type', assertionRefused],
  ['invalid_audience', audienceRefused],
  ['user_not_approved', notApproved],
  [
    'no_run_as_user',
    [
      'give_up',
      'no_run_as_user',
      'The Salesforce app has no user to run as for the client credentials flow.',
      "Set the user in the app's policies in Salesforce (Run As).",
    ],
  ],
  [
    'domain_not_supported',
    [
      'give_up',
      'domain_not_supported',
      'Salesforce does not support this kind of sign-in on the domain of the token endpoint.',
      "Use the organisation's own domain (…my.salesforce.com) as webhook_url and token_url.",
    ],
  ],
  [
    'ip_restricted',
    [
      'give_up',
      'ip_restricted',
      'Salesforce does not allow the user to sign in from this address or at this time.',
      "Relax the IP restrictions in the app's policies, or add the address to the user's profile.",
    ],
  ],
  ['access_denied', appBlocked],
  ['redirect_uri_mismatch', flowNotAllowed],
  ['unsupported_response_type', flowNotAllowed],
  [
    'invalid_request',
    [
      'give_up',
      'request_invalid',
      'The token endpoint does not accept the form of the request.',
      'Check that token_url is the OAuth token endpoint of Salesforce (/services/oauth2/token).',
    ],
  ],
  ['inactive_user', userNotReady],
  ['inactive_org', userNotReady],
  ['unauthorized_client', flowNotAllowed],
  ['unsupported_grant_type', flowNotAllowed],
  ['invalid_app_access', flowNotAllowed],
  ['invalid_scope', flowNotAllowed],
  ['rate_limit_exceeded', unavailable],
  ['temporarily_unavailable', unavailable],
  ['server_error', unavailable],
])

const tokenPathRemedy =
  'Set token_url to the OAuth token endpoint, as in https://….my.salesforce.com/services/oauth2/token.'
const unreadableRemedy = `The system retries by itself. If this persists: ${tokenPathRemedy}`

function ruleOfStatus(status: number): AuthorizationRule {
  const message = `The token endpoint responded with ${status} and no token.`
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    return ['retry', 'unavailable', message, retriedRemedy]
  }
  if (status >= 200 && status <= 299) return ['retry', 'unreadable', message, unreadableRemedy]
  if (status === 404 || (status >= 300 && status <= 399)) {
    return [
      'give_up',
      'endpoint_unknown',
      message,
      `${tokenPathRemedy} There is no token endpoint at this URL.`,
    ]
  }
  return ['give_up', 'refused', message, 'Check that token_url belongs to an OAuth token endpoint.']
}

/** The causes of failed authorizations: those of `judgeAuthorization`, of the table and of the statuses. */
export const authorizationCauses: readonly string[] = [
  ...new Set([
    'key_unusable',
    'address_forbidden',
    'no_answer',
    ...[
      ...authorizationRules.values(),
      ruleOfStatus(400),
      ruleOfStatus(500),
      ruleOfStatus(200),
      ruleOfStatus(404),
    ].map(([, cause]) => cause),
  ]),
].map((cause) => `authorization_${cause}`)
