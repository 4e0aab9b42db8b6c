import { isAtLeast, roles, type Role } from '@ghostpost/delivery/accounts'
import { isAdminEverywhere } from '@ghostpost/infrastructure/database/stats'
import type { FastifyInstance, FastifyRequest, preHandlerAsyncHookHandler } from 'fastify'
import { ApiError } from './api-error.ts'
import { sessionOf, type RouteAccess, type RouteContext } from './route.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: RouteAccess
    probe?: boolean
    streams?: boolean
  }
}

/** Pages and files that plugins register. They contain no customer data. */
const openPaths = /^\/((docs|ops)(\/.*)?|openapi\.json)$/

/** Makes the registration of any later route without `access` throw. */
export function denyUndeclaredRoutes(app: FastifyInstance): void {
  app.addHook('onRoute', ({ url, method, config }) => {
    if (isDeclared(config?.access) || openPaths.test(url)) return
    throw new Error(`${String(method)} ${url} does not declare who may call it.`)
  })
}

function isDeclared(access: RouteAccess | undefined): boolean {
  if (access === 'public' || access === 'session' || access === 'installation') return true
  return typeof access === 'object' && roles.includes(access.role) && typeof access.site === 'function'
}

/**
 * Checks the caller's role in the site of the request. A caller without a role there gets 404, so that the response
 * does not reveal what exists.
 */
export function authorise(
  context: RouteContext,
  access: Exclude<RouteAccess, 'public' | 'session'>,
): preHandlerAsyncHookHandler {
  if (access === 'installation') return async (request) => checkInstallationAdmin(context, request)
  return async (request) => {
    const { siteId, notFound } = await access.site(context, request)
    const role = siteId === null ? undefined : roleIn(request, siteId)
    if (role === undefined) throw notFound()
    if (!isAtLeast(role, access.role)) throw forbidden(role, access.role)
  }
}

/** Throws `forbidden` unless the caller is admin of every site. */
export async function checkInstallationAdmin(
  { database }: Pick<RouteContext, 'database'>,
  request: FastifyRequest,
): Promise<void> {
  if (await isAdminEverywhere(database, sessionOf(request).userId)) return
  throw new ApiError('forbidden', 'This affects all sites and needs the role admin in every site.')
}

function roleIn(request: FastifyRequest, siteId: number): Role | undefined {
  return sessionOf(request).roles.get(siteId)
}

function forbidden(role: Role, required: Role): ApiError {
  return new ApiError('forbidden', `This needs the role ${required} in this site; yours is ${role}.`)
}
