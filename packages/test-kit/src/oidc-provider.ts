import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, decodeJwt, type JWTPayload } from 'jose'
import { Provider, type Configuration } from 'oidc-provider'

/** The person who signs in at the provider. */
interface OidcPerson {
  sub: string
  email?: string
  email_verified?: boolean
  name?: string
  groups?: string[]
}

/** How the next ID tokens differ from the provider's own. */
export interface TokenChange {
  claims?: (claims: JWTPayload) => JWTPayload
  /** `none`: an unsigned token. `unknown`: signed with a key that the provider does not publish. */
  signature?: 'none' | 'unknown'
}

export interface OidcProvider {
  issuer: string
  /** Settings of Ghostpost for this provider. */
  settings: Record<string, string>
  person: OidcPerson
  change: TokenChange | null
  /** Replaces the provider's keys by new ones. */
  rollKeys: () => Promise<void>
  /** Signs the person in with a browser of its own; returns the URL that the browser is sent back to. */
  signIn: (authorizationUrl: string) => Promise<string>
  stop: () => Promise<void>
}

const clientId = 'ghostpost'
const clientSecret = 'a secret of the tests that is long enough'
const scopes = 'openid email profile groups'

/** Starts a real OpenID Connect provider on loopback, with one client. It asks the person for nothing. */
export async function startOidcProvider(redirectUri: string): Promise<OidcProvider> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const state: Pick<OidcProvider, 'person' | 'change'> = { person: { sub: 'nobody' }, change: null }
  let keys = await newKeys()
  let provider = providerOf(issuer, redirectUri, keys.jwk, state)
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (request.url?.startsWith('/interaction/')) {
      const result = { login: { accountId: state.person.sub } }
      provider.interactionFinished(request, response, result).catch(() => response.destroy())
      return
    }
    if (request.url?.startsWith('/token'))
      changeTokens(response, (token) => changed(token, state.change, keys))
    void provider.callback()(request, response)
  })
  return Object.assign(state, {
    issuer,
    settings: {
      GHOSTPOST_OIDC_ISSUER: issuer,
      GHOSTPOST_OIDC_CLIENT_ID: clientId,
      GHOSTPOST_OIDC_CLIENT_SECRET: clientSecret,
      GHOSTPOST_OIDC_SCOPES: scopes,
    },
    rollKeys: async () => {
      keys = await newKeys()
      provider = providerOf(issuer, redirectUri, keys.jwk, state)
    },
    signIn: (url: string) => followUntil(url, redirectUri),
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}

type Keys = Awaited<ReturnType<typeof newKeys>>
let keyCount = 0

async function newKeys() {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const kid = `key-${(keyCount += 1)}`
  return { privateKey, jwk: { ...(await exportJWK(privateKey)), kid, alg: 'RS256', use: 'sig' } }
}

function providerOf(
  issuer: string,
  redirectUri: string,
  jwk: Keys['jwk'],
  state: { person: OidcPerson },
): Provider {
  const configuration: Configuration = {
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri] }],
    jwks: { keys: [jwk] },
    cookies: { keys: ['tests'] },
    features: { devInteractions: { enabled: false } },
    ttl: { AccessToken: 600, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    pkce: { required: () => true },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'], groups: ['groups'] },
    scopes: ['openid', 'email', 'profile', 'groups'],
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ ...state.person, sub: id }) }),
    loadExistingGrant: async ({ oidc }) => {
      const accountId = oidc.session?.accountId
      if (accountId === undefined) return undefined
      const grant = new oidc.provider.Grant({ clientId, accountId })
      grant.addOIDCScope(scopes)
      await grant.save()
      return grant
    },
  }
  return new Provider(issuer, configuration)
}

/** Replaces the ID token in the response of the token endpoint. */
function changeTokens(response: ServerResponse, change: (token: string) => Promise<string>): void {
  const end = response.end.bind(response)
  const replace = async (text: string): Promise<void> => {
    const body = JSON.parse(text) as { id_token?: string }
    if (body.id_token !== undefined) body.id_token = await change(body.id_token)
    const replaced = JSON.stringify(body)
    response.setHeader('content-length', Buffer.byteLength(replaced))
    end(replaced)
  }
  response.end = ((chunk: unknown) => {
    replace(String(chunk)).catch(() => response.destroy())
    return response
  }) as typeof response.end
}

async function changed(token: string, change: TokenChange | null, keys: Keys): Promise<string> {
  if (change === null) return token
  const claims = change.claims?.(decodeJwt(token)) ?? decodeJwt(token)
  if (change.signature === 'none') return new UnsecuredJWT(claims).encode()
  const { privateKey, jwk } = change.signature === 'unknown' ? await newKeys() : keys
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: jwk.kid }).sign(privateKey)
}

const redirectsMax = 10

async function followUntil(start: string, end: string): Promise<string> {
  const cookies = new Map<string, string>()
  let url = start
  for (let count = 0; count < redirectsMax; count += 1) {
    if (url.startsWith(end)) return url
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(name, value)
    }
    const location = response.headers.get('location')
    if (location === null) throw new Error(`The provider sent ${response.status}: ${await response.text()}`)
    url = new URL(location, url).href
  }
  throw new Error('The provider redirects for ever.')
}
