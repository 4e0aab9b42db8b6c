import { isAtLeast, roles, type Role } from '@ghostpost/delivery/accounts'
import { isAdminEverywhere } from '@ghostpost/infrastructure/database/stats'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ApiError } from './api-error.ts'
import { sessionOf, type Right } from './caller.ts'
import type { RouteAccess, RouteContext, SiteOfRequest } from './route.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: RouteAccess
    probe?: boolean
    streams?: boolean
    refusesCrossSite?: boolean
    takesBasicKey?: boolean
  }
}

type RoleAccess = Exclude<RouteAccess, string>

/** Pages and files that plugins register. They contain no customer data. */
const openPaths = /^\/((docs|ops)(\/.*)?|openapi\.json)$/

/** Makes the registration of any later route without `access` throw. */
export function denyUndeclaredRoutes(app: FastifyInstance): void {
  app.decorateRequest('right', null)
  app.addHook('onRoute', ({ url, method, config }) => {
    if (isDeclared(config?.access) || openPaths.test(url)) return
    throw new Error(`${String(method)} ${url} does not declare who may call it.`)
  })
}

function isDeclared(access: RouteAccess | undefined): boolean {
  if (access === 'public' || access === 'session' || access === 'installation') return true
  return typeof access === 'object' && roles.includes(access.role) && typeof access.site === 'function'
}

interface RightChecks {
  /** Before the parts of the request are checked against their schemas, which costs work. */
  beforeValidation: (request: FastifyRequest) => Promise<void>
  /** After it, when the request names its site for certain. */
  afterValidation: (request: FastifyRequest) => Promise<void>
}

/**
 * Checks the caller's role in the site of the request. A caller without a role there gets 404, so that the response
 * does not reveal what exists. A request whose site cannot be read yet needs the role in some site until its schema
 * has refused it.
 */
export function authorise(
  context: RouteContext,
  access: Exclude<RouteAccess, 'public' | 'session'>,
): RightChecks {
  if (access === 'installation') {
    const check = (request: FastifyRequest): Promise<void> => checkInstallationAdmin(context, request)
    return { beforeValidation: check, afterValidation: async () => {} }
  }
  return {
    beforeValidation: async (request) => {
      const site = await access.site(context, request)
      if (site) request.right = rightIn(request, site, access)
      else checkRoleAnywhere(request, access)
    },
    afterValidation: async (request) => {
      if (request.right) return
      const site = await access.site(context, request)
      if (!site) throw new Error(`${request.routeOptions.url} accepts a request without a readable site`)
      request.right = rightIn(request, site, access)
    },
  }
}

function rightIn(request: FastifyRequest, { siteId, notFound }: SiteOfRequest, { role }: RoleAccess): Right {
  const held = siteId === null ? undefined : sessionOf(request).roles.get(siteId)
  if (siteId === null || held === undefined) throw notFound()
  if (!isAtLeast(held, role)) throw forbidden(held, role)
  return { siteId, role }
}

function checkRoleAnywhere(request: FastifyRequest, { role }: RoleAccess): void {
  const held = [...sessionOf(request).roles.values()]
  if (held.some((one) => isAtLeast(one, role))) return
  throw new ApiError('forbidden', `This needs the role ${role} in a site.`)
}

/** Throws `forbidden` unless the caller is admin of every site. */
export async function checkInstallationAdmin(context: WithDatabase, request: FastifyRequest): Promise<void> {
  if (sessionOf(request).apiKey) throw notForKeys()
  if (await isInstallationAdmin(context, request)) return
  throw new ApiError('forbidden', 'This affects all sites and needs the role admin in every site.')
}

type WithDatabase = Pick<RouteContext, 'database'>

/** Whether the caller is a person who is admin of every site. An API key belongs to one site. */
export async function isInstallationAdmin(
  { database }: WithDatabase,
  request: FastifyRequest,
): Promise<boolean> {
  const { userId, apiKey } = sessionOf(request)
  return apiKey === null && isAdminEverywhere(database, userId)
}

export function notForKeys(): ApiError {
  return new ApiError('forbidden', 'An API key may not do this. It needs a person who is signed in.')
}

function forbidden(role: Role, required: Role): ApiError {
  return new ApiError('forbidden', `This needs the role ${required} in this site; yours is ${role}.`)
}
