import { randomUUID } from 'node:crypto'

/** A response in HubSpot's format. */
export interface HubspotResponse {
  status: number
  body: unknown
  headers?: Record<string, string>
}

/** One error of a property's value. */
export interface PropertyProblem {
  name: string
  code: string
  message: string
}

export function ok(status: number, body: unknown): HubspotResponse {
  return { status, body }
}

/** https://developers.hubspot.com/docs/api-reference/error-handling */
export function refusal(
  status: number,
  category: string,
  message: string,
  more: Record<string, unknown> = {},
): HubspotResponse {
  return { status, body: { status: 'error', message, correlationId: randomUUID(), category, ...more } }
}

export const missingToken = (): HubspotResponse =>
  refusal(
    401,
    'INVALID_AUTHENTICATION',
    'Authentication credentials not found. This API supports OAuth 2.0 authentication ' +
      'and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview',
  )

export const expiredToken = (): HubspotResponse =>
  refusal(401, 'EXPIRED_AUTHENTICATION', 'The OAuth token used to make this call expired 3 minute(s) ago.')

export const missingScope = (scope: string): HubspotResponse =>
  refusal(403, 'MISSING_SCOPES', 'One or more of the following scopes are required.', {
    errors: [
      {
        message: 'One or more of the following scopes are required.',
        context: { requiredGranularScopes: [scope] },
      },
    ],
  })

/** HubSpot lists all errors at once, in the message and in `errors`. */
export function invalidProperties(problems: readonly PropertyProblem[]): HubspotResponse {
  const listed = problems.map(({ name, code, message }) => ({
    isValid: false,
    message,
    error: code,
    name,
    localizedErrorMessage: message,
  }))
  return refusal(400, 'VALIDATION_ERROR', `Property values were not valid: ${JSON.stringify(listed)}`, {
    errors: problems.map(({ name, code, message }) => ({ message, code, context: { propertyName: [name] } })),
  })
}

export const contactExists = (id: string): HubspotResponse =>
  refusal(409, 'CONFLICT', `Contact already exists. Existing ID: ${id}`)

/** `policyName` names the limit: ten seconds or a day. */
export const rateLimited = (policyName: 'TEN_SECONDLY_ROLLING' | 'DAILY'): HubspotResponse => ({
  status: 429,
  body: {
    status: 'error',
    message: `You have reached your ${policyName === 'DAILY' ? 'daily' : 'ten_secondly_rolling'} limit.`,
    errorType: 'RATE_LIMIT',
    correlationId: randomUUID(),
    policyName,
    requestId: randomUUID(),
  },
  headers: { 'x-hubspot-ratelimit-interval-milliseconds': '10000', 'x-hubspot-ratelimit-remaining': '0' },
})
