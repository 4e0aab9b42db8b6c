import { describe, expect, test } from 'vitest'
import {
  audienceOf,
  readAccess,
  tokenRequestBody,
  tokenUrlOf,
} from '../../../src/destinations/salesforce/salesforce-access.ts'
import { httpResponse } from '../response-factory.ts'

const webhookUrl = new URL('https://ghost.my.salesforce.com/services/data/v66.0/sobjects/Lead')
const client = { kind: 'client_credentials', client_id: 'id+&', client_secret: 's=1' } as const
const bearer = { kind: 'jwt_bearer', client_id: 'id', username: 'u', private_key: 'k' } as const

describe('a token request', () => {
  test('goes to the origin of the receiver, or to token_url', () => {
    expect(tokenUrlOf(client, webhookUrl).href).toBe('https://ghost.my.salesforce.com/services/oauth2/token')
    const token_url = 'https://login.salesforce.com/services/oauth2/token'
    expect(tokenUrlOf({ ...client, token_url }, webhookUrl).href).toBe(token_url)
  })

  test('is a form with the secret, or with the assertion', () => {
    expect(tokenRequestBody(client, '')).toBe(
      'grant_type=client_credentials&client_id=id%2B%26&client_secret=s%3D1',
    )
    expect(new URLSearchParams(tokenRequestBody(bearer, 'a.b.c')).get('assertion')).toBe('a.b.c')
  })

  test.each([
    ['https://ghost.my.salesforce.com/x', 'https://ghost.my.salesforce.com'],
    ['https://ghost--dev.sandbox.my.salesforce.com/x', 'https://ghost--dev.sandbox.my.salesforce.com'],
    ['https://test.salesforce.com/x', 'https://test.salesforce.com'],
    ['https://login.salesforce.com/x', 'https://login.salesforce.com'],
  ])('of an assertion to %s has the audience %s', (url, audience) => {
    expect(audienceOf(bearer, new URL(url))).toBe(audience)
    expect(audienceOf({ ...bearer, audience: 'https://a.b' }, new URL(url))).toBe('https://a.b')
  })
})

describe('a token endpoint’s response', () => {
  test('contains a token, its origin and its lifetime', () => {
    const body = { access_token: 't', instance_url: 'https://na1.salesforce.com/', expires_in: 3_600 }
    expect(readAccess(httpResponse(200, body), webhookUrl)).toEqual({
      kind: 'granted',
      token: 't',
      origin: 'https://na1.salesforce.com',
      lifetimeMs: 3_570_000,
    })
  })

  test.each(['http://na1.salesforce.com', 'javascript:alert(1)', '', 'https://u:p@na1.salesforce.com'])(
    'does not change the origin for the invalid instance_url %j',
    (instance_url) => {
      const access = readAccess(httpResponse(200, { access_token: 't', instance_url }), webhookUrl)
      expect(access).toMatchObject({ origin: 'https://ghost.my.salesforce.com' })
    },
  )

  test.each([0, -1, 'soon', null, Number.MAX_VALUE])(
    'has a lifetime within bounds for expires_in %j',
    (expires_in) => {
      const access = readAccess(httpResponse(200, { access_token: 't', expires_in }), webhookUrl)
      expect(access.kind === 'granted' && access.lifetimeMs).toBeGreaterThan(0)
      expect(access.kind === 'granted' && access.lifetimeMs).toBeLessThanOrEqual(12 * 3_600_000)
    },
  )

  test.each([
    [400, { error: 'invalid_grant', error_description: 'secret words' }, 'invalid_grant'],
    [400, { error: 'invalid_grant', error_description: 'login rate exceeded' }, 'rate_limit_exceeded'],
    [400, { error: 'invalid_grant', error_description: 'audience is invalid' }, 'invalid_audience'],
    [
      400,
      { error: 'invalid_grant', error_description: "user hasn't approved this consumer" },
      'user_not_approved',
    ],
    [400, { error: 'OAUTH_APPROVAL_ERROR_GENERIC' }, 'oauth_approval_error_generic'],
    [
      400,
      { error: 'app_not_found', error_description: 'External client app is not installed in this org' },
      'app_not_found',
    ],
    [400, { error: 'Not A Code!' }, ''],
    [200, { access_token: 'a\r\nb: c' }, ''],
    [200, { access_token: '' }, ''],
    [200, '<html>', ''],
    [204, '', ''],
    [400, { access_token: 't' }, ''],
  ])('%i %j gives none', (status, body, error) => {
    const access = readAccess(httpResponse(status, body), webhookUrl)
    expect(access).toEqual({ kind: 'failed', failure: { kind: 'refused', status, error, retryAfter: null } })
  })

  test('names the kind of failure if there is no response', () => {
    expect(readAccess({ kind: 'timed_out', phase: 'answer' }, webhookUrl)).toEqual({
      kind: 'failed',
      failure: { kind: 'no_answer', code: 'timed_out' },
    })
    expect(readAccess({ kind: 'address_forbidden', reason: 'loopback' }, webhookUrl)).toMatchObject({
      failure: { kind: 'address_forbidden', reason: 'loopback' },
    })
    const proxyFailed = { kind: 'proxy_failed', code: 'PROXY_REFUSED' } as const
    expect(readAccess(proxyFailed, webhookUrl)).toEqual({ kind: 'failed', failure: proxyFailed })
  })
})
