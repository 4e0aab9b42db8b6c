import { randomBytes, verify, type KeyObject } from 'node:crypto'
import type { SalesforceResponse } from './lead-store.ts'

/** The connected app, as the organisation has it. */
export interface ConnectedApp {
  clientId: string
  clientSecret: string
  /** The user that pre-authorised the app for JWT bearer. */
  username: string
  audience: string
  certificate: KeyObject
}

const assertionTtlMaxSeconds = 180

/** Responds to a token request as Salesforce does. `issue` opens a session and returns its token. */
export function respondToTokenRequest(
  app: ConnectedApp,
  body: string,
  origin: string,
  issueToken: () => string,
): SalesforceResponse {
  const form = new URLSearchParams(body)
  const problem = problemOf(app, form)
  if (problem) return problem
  const accessToken = issueToken()
  return {
    status: 200,
    body: {
      access_token: accessToken,
      instance_url: origin,
      id: `${origin}/id/00D000000000001AAA/005000000000001AAA`,
      token_type: 'Bearer',
      issued_at: String(Date.now()),
      signature: randomBytes(32).toString('base64'),
      scope: 'api',
    },
  }
}

function problemOf(app: ConnectedApp, form: URLSearchParams): SalesforceResponse | undefined {
  switch (form.get('grant_type') ?? '') {
    case 'client_credentials':
      if (form.get('client_id') !== app.clientId)
        return oauthError('invalid_client_id', 'client identifier invalid')
      if (form.get('client_secret') !== app.clientSecret)
        return oauthError('invalid_client', 'invalid client credentials')
      return undefined
    case 'urn:ietf:params:oauth:grant-type:jwt-bearer':
      return assertionProblem(app, form.get('assertion') ?? '')
    default:
      return oauthError('unsupported_grant_type', 'grant type not supported')
  }
}

function oauthError(error: string, error_description: string, status = 400): SalesforceResponse {
  return { status, body: { error, error_description } }
}

/** Verifies the signature with node:crypto instead of the library that signs assertions. */
function assertionProblem(app: ConnectedApp, assertion: string): SalesforceResponse | undefined {
  const [header = '', claims = '', signature = ''] = assertion.split('.')
  const { iss, sub, aud, exp } = decode(claims)
  if (decode(header)['alg'] !== 'RS256') return oauthError('invalid_grant', 'invalid assertion')
  if (iss !== app.clientId) return oauthError('invalid_client_id', 'client identifier invalid')
  const key = app.certificate
  const signed = verify(
    'RSA-SHA256',
    Buffer.from(`${header}.${claims}`),
    key,
    Buffer.from(signature, 'base64url'),
  )
  if (!signed) return oauthError('invalid_grant', 'invalid assertion')
  const now = Date.now() / 1_000
  if (typeof exp !== 'number' || exp < now || exp > now + assertionTtlMaxSeconds) {
    return oauthError('invalid_grant', 'expired authorization code')
  }
  if (aud !== app.audience) return oauthError('invalid_grant', 'audience is invalid')
  return sub === app.username ? undefined : oauthError('invalid_grant', "user hasn't approved this consumer")
}

function decode(part: string): Record<string, unknown> {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown>
  } catch {
    return {}
  }
}
