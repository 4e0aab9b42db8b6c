import { groupsOfClaim } from '@ghostpost/delivery/accounts'
import * as client from 'openid-client'
import type { Settings } from '../config/load-settings.ts'
import type { OidcSettings } from '../config/read-oidc-settings.ts'
import { openIssuerFetch, type IssuerFetch } from '../outbound/index.ts'

/** What the browser keeps between the two redirects of a sign-in. */
export interface SignInFlow {
  state: string
  nonce: string
  /** PKCE, RFC 7636. */
  codeVerifier: string
  /** Path of the dashboard to open afterwards. */
  returnTo: string
}

/** Who a person is at the issuer. */
export interface Identity {
  issuer: string
  subject: string
  /** In lower case. */
  email: string | null
  isEmailVerified: boolean
  name: string | null
  groups: ReadonlySet<string>
}

type FinishResult =
  | { kind: 'identified'; identity: Identity }
  /** The person or the issuer refused. */
  | { kind: 'denied'; problem: string }
  /** The response of the issuer is not for this sign-in, or not to be trusted. */
  | { kind: 'invalid'; problem: string }
  | { kind: 'unavailable'; problem: string }

export interface Issuer {
  /** Where the browser goes to sign in. Rejects when the issuer is unavailable. */
  begin: (returnTo: string) => Promise<{ url: string; flow: SignInFlow }>
  /** @param query the query of the request with which the browser came back */
  finish: (flow: SignInFlow, query: string) => Promise<FinishResult>
  close: () => Promise<void>
}

/** How long the issuer's metadata is trusted. Its keys are read for every sign-in, so a new key works at once. */
const metadataMs = 600_000
/** How far the clocks of the issuer and of this machine may differ. */
const clockToleranceSeconds = 300
const timeoutSeconds = 10

/**
 * Opens the issuer of single sign-on: authorization code flow with PKCE, state and nonce. The signature of every ID
 * token is checked, although it comes from the issuer itself.
 * @param redirectUri where the issuer sends browsers back to
 */
export function openIssuer(settings: Settings, oidc: OidcSettings, redirectUri: string): Issuer {
  const http = openIssuerFetch(settings, oidc.issuer.hostname)
  const readMetadata = cachedMetadata(oidc, http)
  const configure = async (): Promise<client.Configuration> =>
    configurationOf(await readMetadata(), oidc, http)
  return {
    begin: (returnTo) => begin(configure, oidc, { redirectUri, returnTo }),
    finish: async (flow, query) => {
      try {
        const config = await configure()
        return { kind: 'identified', identity: await identify(config, oidc, { flow, redirectUri, query }) }
      } catch (error) {
        return failureOf(error)
      }
    },
    close: http.close,
  }
}

type ReadMetadata = () => Promise<client.ServerMetadata>

function cachedMetadata(oidc: OidcSettings, http: IssuerFetch): ReadMetadata {
  let cached: { metadata: Promise<client.ServerMetadata>; until: number } | null = null
  return () => {
    if (cached && cached.until > performance.now()) return cached.metadata
    const metadata = client
      .discovery(oidc.issuer, oidc.clientId, undefined, undefined, {
        [client.customFetch]: http.fetch,
        timeout: timeoutSeconds,
        ...(isPlain(oidc) && { execute: [client.allowInsecureRequests] }),
      })
      .then((config) => config.serverMetadata())
    cached = { metadata, until: performance.now() + metadataMs }
    metadata.catch(() => (cached = null))
    return metadata
  }
}

/** The settings allow plain HTTP on this machine only. */
function isPlain({ issuer }: OidcSettings): boolean {
  return issuer.protocol === 'http:'
}

/** A new configuration has no cached keys of the issuer. */
function configurationOf(
  metadata: client.ServerMetadata,
  oidc: OidcSettings,
  http: IssuerFetch,
): client.Configuration {
  const { clientId, clientSecret } = oidc
  // https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata: basic is the default.
  const methods = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
  const isBasic = methods.includes('client_secret_basic')
  const authenticate = isBasic
    ? client.ClientSecretBasic(clientSecret)
    : client.ClientSecretPost(clientSecret)
  const options = { client_secret: clientSecret, [client.clockTolerance]: clockToleranceSeconds }
  const config = new client.Configuration(metadata, clientId, options, authenticate)
  config[client.customFetch] = http.fetch
  config.timeout = timeoutSeconds
  if (isPlain(oidc)) client.allowInsecureRequests(config)
  client.enableNonRepudiationChecks(config)
  return config
}

async function begin(
  configure: () => Promise<client.Configuration>,
  oidc: OidcSettings,
  { redirectUri, returnTo }: { redirectUri: string; returnTo: string },
): Promise<{ url: string; flow: SignInFlow }> {
  const config = await configure()
  const codeVerifier = client.randomPKCECodeVerifier()
  const flow = { state: client.randomState(), nonce: client.randomNonce(), codeVerifier, returnTo }
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: oidc.scopes,
    state: flow.state,
    nonce: flow.nonce,
    code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
  })
  return { url: url.href, flow }
}

async function identify(
  config: client.Configuration,
  oidc: OidcSettings,
  { flow, redirectUri, query }: { flow: SignInFlow; redirectUri: string; query: string },
): Promise<Identity> {
  const currentUrl = new URL(redirectUri)
  currentUrl.search = query
  const tokens = await client.authorizationCodeGrant(config, currentUrl, {
    expectedState: flow.state,
    expectedNonce: flow.nonce,
    pkceCodeVerifier: flow.codeVerifier,
    idTokenExpected: true,
  })
  const idToken = tokens.claims()
  if (!idToken) throw new Error('The issuer sent no ID token.')
  const isComplete = idToken['email'] !== undefined && idToken[oidc.groupsClaim] !== undefined
  const hasUserInfo = config.serverMetadata().userinfo_endpoint !== undefined
  const userInfo =
    isComplete || !hasUserInfo ? {} : await client.fetchUserInfo(config, tokens.access_token, idToken.sub)
  return identityOf({ ...userInfo, ...idToken }, oidc)
}

function identityOf(claims: Record<string, unknown>, { groupsClaim }: OidcSettings): Identity {
  const { iss, sub, email, email_verified: verified, name } = claims
  return {
    issuer: String(iss),
    subject: String(sub),
    email: typeof email === 'string' && email.includes('@') ? email.toLowerCase() : null,
    isEmailVerified: verified === true || verified === 'true',
    name: typeof name === 'string' ? name : null,
    groups: groupsOfClaim(claims[groupsClaim]),
  }
}

const networkCodes: ReadonlySet<string> = new Set(['OAUTH_TIMEOUT', 'OAUTH_ABORT'])

/** Only the library's own words: a response may contain tokens. */
function failureOf(error: unknown): FinishResult {
  if (error instanceof client.AuthorizationResponseError)
    return { kind: 'denied', problem: error.error.slice(0, 80) }
  if (error instanceof client.ResponseBodyError) return { kind: 'invalid', problem: error.error.slice(0, 80) }
  if (!(error instanceof Error)) return { kind: 'invalid', problem: 'unknown' }
  const code = 'code' in error ? String(error.code) : ''
  const isNetwork = networkCodes.has(code) || (error instanceof TypeError && error.message === 'fetch failed')
  return { kind: isNetwork ? 'unavailable' : 'invalid', problem: `${error.message} ${code}`.trim() }
}
