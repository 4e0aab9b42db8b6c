import type { CookieSerializeOptions } from '@fastify/cookie'
import type { Settings } from '@ghostpost/infrastructure/config'
import type { SignInFlow } from '@ghostpost/infrastructure/oidc'
import type { FastifyReply, FastifyRequest } from 'fastify'

const flowSeconds = 600

/** Where the issuer sends browsers back to: the API serves the dashboard, so it is beside it. */
export function oidcRedirectUri({ dashboardUrl }: Pick<Settings, 'dashboardUrl'>): string {
  return `${dashboardUrl.replace(/\/ops$/, '')}/api/oidc/callback`
}

/** No other subdomain can plant a cookie with this prefix, and so a sign-in of its own. */
function cookieName({ GHOSTPOST_COOKIE_SECURE: secure }: Settings): string {
  return secure ? '__Host-oidc' : 'oidc'
}

function cookieOptions({ GHOSTPOST_COOKIE_SECURE: secure }: Settings): CookieSerializeOptions {
  // Lax: the browser sends it when the issuer redirects back.
  return { path: '/', httpOnly: true, sameSite: 'lax', secure, maxAge: flowSeconds }
}

/** Keeps the sign-in in the browser that began it. */
export function keepFlow(reply: FastifyReply, settings: Settings, flow: SignInFlow): void {
  const value = Buffer.from(JSON.stringify(flow)).toString('base64url')
  void reply.setCookie(cookieName(settings), value, cookieOptions(settings))
}

/** The sign-in that this browser began, which ends now; null without one. */
export function takeFlow(
  request: FastifyRequest,
  reply: FastifyReply,
  settings: Settings,
): SignInFlow | null {
  const value = request.cookies[cookieName(settings)]
  if (value === undefined) return null
  void reply.clearCookie(cookieName(settings), cookieOptions(settings))
  return parseFlow(value)
}

function parseFlow(value: string): SignInFlow | null {
  try {
    const flow = JSON.parse(Buffer.from(value, 'base64url').toString('utf8')) as Record<
      string,
      unknown
    > | null
    const { state, nonce, codeVerifier, returnTo } = flow ?? {}
    if (!isText(state) || !isText(nonce) || !isText(codeVerifier) || !isText(returnTo)) return null
    return { state, nonce, codeVerifier, returnTo }
  } catch {
    return null
  }
}

function isText(part: unknown): part is string {
  return typeof part === 'string' && part !== ''
}

const dashboardPath = /^\/[!-~]*$/

/** URL of a page of the dashboard. What a cookie says cannot lead anywhere else. */
export function dashboardPage({ dashboardUrl }: Pick<Settings, 'dashboardUrl'>, path: string): string {
  const rest = path.replace(/^\/ops(?=[/?]|$)/, '')
  return dashboardPath.test(rest) ? `${dashboardUrl}${rest}` : `${dashboardUrl}/`
}
