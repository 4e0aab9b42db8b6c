import { isAtLeast } from '@ghostpost/delivery/accounts'
import {
  ApiKeyBody,
  apiKeyDaysDefault,
  ApiKeyList,
  ApiKeyParams,
  ApiKeyQuery,
  apiKeysMax,
  NewApiKey,
} from '@ghostpost/delivery/contract/api-keys'
import { defaultSiteId } from '@ghostpost/delivery/contract/webhook'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { ApiError } from '../../server/api-error.ts'
import { actorOf, rightOf, sessionOf } from '../../server/caller.ts'
import { defineRoute, type RouteContext } from '../../server/route.ts'
import {
  apiKeyNotFound,
  siteIdInQuery,
  siteInBody,
  siteInQuery,
  siteOfApiKeyInPath,
} from '../../server/site-of-request.ts'

export const listApiKeys = defineRoute({
  method: 'GET',
  url: '/api/api-keys',
  access: { role: 'viewer', site: siteInQuery },
  refusesKeys: true,
  summary: 'List the API keys of a site',
  description: 'Without the keys themselves, which only their creators have.',
  tag: 'API keys',
  query: ApiKeyQuery,
  responses: { 200: ApiKeyList },
  errors: [400, 401, 403, 404],
  handle: async ({ apiKeys }, request) => ({ items: await apiKeys.list(siteIdInQuery(request)) }),
})

export const createApiKey = defineRoute({
  method: 'POST',
  url: '/api/api-keys',
  access: { role: 'viewer', site: siteInBody },
  refusesKeys: true,
  summary: 'Create an API key',
  description:
    'A program sends it as `Authorization: Bearer gp_…`. It works for one site, with at most your own role ' +
    `there, until it expires or is revoked. A site has at most ${apiKeysMax} live keys. A key cannot manage keys.`,
  tag: 'API keys',
  body: ApiKeyBody,
  responses: { 201: NewApiKey },
  errors: [400, 401, 403, 404, 409],
  handle: create,
})

export const revokeApiKey = defineRoute({
  method: 'DELETE',
  url: '/api/api-keys/:id',
  access: { role: 'viewer', site: siteOfApiKeyInPath },
  refusesKeys: true,
  summary: 'Revoke an API key',
  description:
    'It stops working everywhere within 3 seconds. You can revoke your own keys; an admin of the site can ' +
    'revoke all. Safe to repeat.',
  tag: 'API keys',
  params: ApiKeyParams,
  responses: { 204: Type.Null({ description: 'Revoked.' }) },
  errors: [400, 401, 403, 404],
  handle: revoke,
})

async function create(
  { apiKeys }: RouteContext,
  request: FastifyRequest<{ Body: ApiKeyBody }>,
  reply: FastifyReply,
): Promise<unknown> {
  const { name, role, expires_in_days: days = apiKeyDaysDefault, siteId = defaultSiteId } = request.body
  const own = sessionOf(request).roles.get(siteId)
  if (!own || !isAtLeast(own, role))
    throw new ApiError(
      'forbidden',
      `A key cannot have the role ${role}: yours in this site is ${own ?? 'none'}.`,
    )
  const result = await apiKeys.create({ siteId, name, role, days }, actorOf(request))
  if (result.kind === 'name_taken')
    throw new ApiError('api_key_exists', 'A live API key of this site has that name.')
  if (result.kind === 'too_many')
    throw new ApiError('api_key_limit', `A site has at most ${apiKeysMax} live API keys.`)
  return reply.code(201).send({ key: result.key, api_key: result.view })
}

async function revoke(
  { apiKeys }: RouteContext,
  request: FastifyRequest<{ Params: { id: string } }>,
  reply: FastifyReply,
): Promise<unknown> {
  const isAdmin = sessionOf(request).roles.get(rightOf(request).siteId) === 'admin'
  const result = await apiKeys.revoke(request.params.id, isAdmin, actorOf(request))
  if (result === 'not found') throw apiKeyNotFound()
  if (result === 'of another user')
    throw new ApiError('forbidden', 'Only an admin of this site may revoke the key of somebody else.')
  return reply.code(204).send()
}
