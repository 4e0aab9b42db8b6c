import type { AccessResult } from '../../deliver/access.ts'
import type { JwtBearerCredentials, OAuthCredentials } from '../credentials.ts'
import { isString, jsonOf, member } from '../../text/response-json.ts'
import { isSuccess } from '../judge-by-status.ts'
import type {
  AuthorizationFailure,
  HttpResponse,
  LookupNotStarted,
  Outcome,
  ProxyFailed,
} from '../../deliver/outcome.ts'
import { parseReceiverUrl } from '../../receivers/receiver-url.ts'

const tokenPath = '/services/oauth2/token'

/** Salesforce does not say how long a token lives. A session lives at least 15 minutes. */
const lifetimeDefaultMs = 15 * 60_000
/** A token that expires sooner than this counts as expired. */
const expiryMarginMs = 30_000
const lifetimeMaxMs = 12 * 3_600_000

/** Salesforce accepts assertions that expire within three minutes. */
export const assertionSeconds = 120

/** The token endpoint: `token_url`, or the default path on the origin of the receiver. */
export function tokenUrlOf({ token_url }: OAuthCredentials, webhookUrl: URL): URL {
  return token_url === undefined ? new URL(tokenPath, webhookUrl.origin) : new URL(token_url)
}

/**
 * The audience of a JWT: the origin of the token endpoint. The organisation's own domain is valid for connected apps
 * and External Client Apps, in production and in sandboxes; External Client Apps refuse the login servers of sandboxes.
 * https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_jwt_flow.htm
 */
export function audienceOf({ audience }: JwtBearerCredentials, tokenUrl: URL): string {
  return audience ?? tokenUrl.origin
}

/**
 * The body of a token request.
 * @param assertion the signed JWT; empty for client credentials
 */
export function tokenRequestBody(credentials: OAuthCredentials, assertion: string): string {
  const form: Record<string, string> =
    credentials.kind === 'client_credentials'
      ? {
          grant_type: 'client_credentials',
          client_id: credentials.client_id,
          client_secret: credentials.client_secret,
        }
      : { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }
  return Object.entries(form)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')
}

/** Reads a token endpoint's outcome. The origin is that of the response, but never http in place of https. */
export function readAccess(outcome: Outcome, webhookUrl: URL): AccessResult {
  if (outcome.kind !== 'answered') return { kind: 'failed', failure: failureWithoutResponse(outcome) }
  const body = jsonOf(outcome)
  const token = member(body, 'access_token')
  if (!isSuccess(outcome.status) || !isString(token) || !/^[\x21-\x7e]{1,8192}$/.test(token)) {
    return { kind: 'failed', failure: refusalIn(outcome, body) }
  }
  const instance = member(body, 'instance_url')
  return {
    kind: 'granted',
    token,
    origin: originOf(isString(instance) ? instance : '', webhookUrl),
    lifetimeMs: lifetimeOf(member(body, 'expires_in')),
  }
}

function failureWithoutResponse(
  outcome: Exclude<Outcome, HttpResponse>,
): AuthorizationFailure | ProxyFailed | LookupNotStarted {
  if (outcome.kind === 'proxy_failed' || outcome.kind === 'lookup_not_started') return outcome
  if (outcome.kind === 'address_forbidden') return { kind: 'address_forbidden', reason: outcome.reason }
  return { kind: 'no_answer', code: 'code' in outcome ? `${outcome.kind} ${outcome.code}` : outcome.kind }
}

function refusalIn({ status, headers }: HttpResponse, body: unknown): AuthorizationFailure {
  const error = member(body, 'error')
  const description = member(body, 'error_description')
  const code = isString(error) && /^[a-z_]{1,60}$/i.test(error) ? error.toLowerCase() : ''
  return {
    kind: 'refused',
    status,
    error: isString(description) ? refinedCode(code, description) : code,
    retryAfter: headers['retry-after'] ?? null,
  }
}

/** One code has many reasons, which the description distinguishes. The description itself is not kept. */
const refinements: readonly (readonly [shape: RegExp, code: string])[] = [
  [/rate exceeded/i, 'rate_limit_exceeded'],
  [/audience/i, 'invalid_audience'],
  [/hasn.t approved|not approved|not authorized.*(app|consumer)/i, 'user_not_approved'],
  [/not admin approved|admin approved|user is not admin/i, 'user_not_approved'],
  [/no client credentials user|client credentials user/i, 'no_run_as_user'],
  [/not supported on this domain/i, 'domain_not_supported'],
  [/ip restricted|login hours|ip range/i, 'ip_restricted'],
  [/inactive user|user.*(inactive|frozen|deactivated)/i, 'inactive_user'],
  [/inactive org|organization.*(inactive|locked)/i, 'inactive_org'],
  [/not installed in this org|app.*not.*installed/i, 'app_not_found'],
  [/invalid assertion|assertion/i, 'invalid_assertion'],
]

function refinedCode(code: string, description: string): string {
  return refinements.find(([shape]) => shape.test(description.slice(0, 500)))?.[1] ?? code
}

function originOf(instanceUrl: string, webhookUrl: URL): string {
  const parsed = parseReceiverUrl(instanceUrl)
  if (!parsed.ok) return webhookUrl.origin
  const downgraded = parsed.url.protocol === 'http:' && webhookUrl.protocol === 'https:'
  return downgraded ? webhookUrl.origin : parsed.url.origin
}

function lifetimeOf(expiresIn: unknown): number {
  const seconds = typeof expiresIn === 'string' ? Number(expiresIn) : expiresIn
  if (typeof seconds !== 'number' || !Number.isFinite(seconds) || seconds <= 0) return lifetimeDefaultMs
  return Math.max(Math.min(seconds * 1_000, lifetimeMaxMs) - expiryMarginMs, 0)
}
