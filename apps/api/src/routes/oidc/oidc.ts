import { OidcStartQuery } from '@ghostpost/delivery/contract/accounts'
import type { Identity, Issuer } from '@ghostpost/infrastructure/oidc'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { ApiError } from '../../server/api-error.ts'
import { callerOf } from '../../server/caller.ts'
import { dashboardPage, keepFlow, takeFlow } from '../../server/oidc-flow.ts'
import { defineRoute, type RouteContext } from '../../server/route.ts'
import { cookieOptions, sessionCookie } from '../../server/session-cookie.ts'

const redirect = Type.Null({ description: 'A redirect.' })

export const startOidc = defineRoute({
  method: 'GET',
  url: '/api/oidc/start',
  access: 'public',
  summary: 'Sign in through the OpenID Connect issuer',
  description: 'For browsers: redirects to the issuer, which redirects back to /api/oidc/callback.',
  tag: 'Session',
  query: OidcStartQuery,
  responses: { 302: redirect },
  errors: [400, 404, 503],
  handle: async ({ issuer, settings, log }, request, reply) => {
    try {
      const { url, flow } = await issuerOf(issuer).begin(request.query.return ?? '/')
      keepFlow(reply, settings, flow)
      return await reply.redirect(url)
    } catch (error) {
      if (error instanceof ApiError) throw error
      log.warn(
        { event: 'oidc_unavailable', error: messageOf(error) },
        'the issuer of single sign-on is unavailable',
      )
      return reply.redirect(dashboardPage(settings, '/sign-in?failed=unavailable'))
    }
  },
})

export const finishOidc = defineRoute({
  method: 'GET',
  url: '/api/oidc/callback',
  access: 'public',
  summary: 'Where the OpenID Connect issuer sends browsers back to',
  description:
    'Sets the `session` cookie and redirects to the dashboard; to its sign-in page, with the reason in `failed`, ' +
    'when the sign-in is refused. Limited per caller address, as sign-ins are.',
  tag: 'Session',
  responses: { 302: redirect },
  errors: [404, 429, 503],
  signsIn: true,
  handle: finish,
})

async function finish(context: RouteContext, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const { settings, log } = context
  const issuer = issuerOf(context.issuer)
  const flow = takeFlow(request, reply, settings)
  const fail = (reason: string): FastifyReply =>
    reply.redirect(dashboardPage(settings, `/sign-in?failed=${reason}`))
  if (!flow) return fail('expired')
  const result = await issuer.finish(flow, request.url.split('?')[1] ?? '')
  if (result.kind !== 'identified') {
    log.warn({ event: 'oidc_refused', kind: result.kind, problem: result.problem }, 'a single sign-on failed')
    return fail(result.kind)
  }
  const reason = await signIn(context, request, reply, result.identity)
  return reason === null ? reply.redirect(dashboardPage(settings, flow.returnTo)) : fail(reason)
}

/** Null, or why the sign-in is refused. */
async function signIn(
  { sessions, settings }: RouteContext,
  request: FastifyRequest,
  reply: FastifyReply,
  identity: Identity,
): Promise<string | null> {
  const caller = callerOf(request)
  const userAgent = request.headers['user-agent'] ?? null
  const groupRoles = settings.oidc?.groupRoles ?? []
  const result = await sessions.createByIdentity({ ...caller, identity, groupRoles, userAgent })
  if (result.kind === 'refused') return result.reason
  // As after a sign-in with a password: the old session may have been planted.
  const earlier = request.cookies[sessionCookie]
  if (earlier) await sessions.revoke(earlier, caller)
  void reply.setCookie(sessionCookie, result.token, cookieOptions(settings))
  return null
}

function issuerOf(issuer: Issuer | null): Issuer {
  if (!issuer) throw new ApiError('oidc_not_configured', 'There is no single sign-on here.')
  return issuer
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
