import {
  FailureChanges,
  FailureGroup as FailureGroupSchema,
  FailureList,
  FailureParams,
  FailureQuery,
  FailureSiteQuery,
  type FailureGroup,
} from '@ghostpost/delivery/contract/failures'
import { changeFailureGroup, listFailureGroups } from '@ghostpost/infrastructure/database/log'
import type { FastifyRequest } from 'fastify'
import { ApiError } from '../../server/api-error.ts'
import { invalid } from '../destinations/destination-request.ts'
import { listReaderFor } from '../../server/read-lists.ts'
import { siteIdInQuery, siteInQuery } from '../../server/site-of-request.ts'
import { actorOf } from '../../server/caller.ts'
import { defineRoute, type RouteContext } from '../../server/route.ts'

export const listFailures = defineRoute({
  method: 'GET',
  url: '/api/failures',
  access: { role: 'viewer', site: siteInQuery },
  summary: 'List the dead letters, grouped by cause and receiver',
  description:
    'The largest group first. `GET /api/deliveries?failure=<fingerprint>` lists the members of a group.',
  tag: 'Deliveries',
  query: FailureQuery,
  responses: { 200: FailureList },
  errors: [400, 401, 403, 404],
  handle: async (context, request) => {
    const { state } = request.query
    const read = listReaderFor(context, request, 'count')
    const groups = await read((database) => listFailureGroups(database, siteIdInQuery(request)))
    return { items: groups.filter((group) => state === undefined || group.state === state) }
  },
})

export const readFailure = defineRoute({
  method: 'GET',
  url: '/api/failures/:fingerprint',
  access: { role: 'viewer', site: siteInQuery },
  summary: 'Read a failure group',
  tag: 'Deliveries',
  params: FailureParams,
  query: FailureSiteQuery,
  responses: { 200: FailureGroupSchema },
  errors: [400, 401, 403, 404],
  handle: groupInPath,
})

export const changeFailure = defineRoute({
  method: 'PATCH',
  url: '/api/failures/:fingerprint',
  access: { role: 'operator', site: siteInQuery },
  summary: 'Acknowledge, resolve or temporarily ignore a failure group',
  tag: 'Deliveries',
  params: FailureParams,
  query: FailureSiteQuery,
  body: FailureChanges,
  responses: { 200: FailureGroupSchema },
  errors: [400, 401, 403, 404],
  handle: async (context, request) => {
    const { fingerprint } = await groupInPath(context, request)
    const changes = request.body
    if ((changes.state === 'ignored') !== (changes.ignored_until !== undefined))
      throw invalid('ignored_until', 'a time, only with the state ignored')
    await changeFailureGroup(context.database, siteIdInQuery(request), fingerprint, changes, actorOf(request))
    return groupInPath(context, request)
  },
})

async function groupInPath(
  { database, reads }: RouteContext,
  request: FastifyRequest<{ Params: { fingerprint: string }; Querystring: { siteId?: string } }>,
): Promise<FailureGroup> {
  const { fingerprint } = request.params
  const [group] = await reads.run(request, 'count', () =>
    listFailureGroups(database, siteIdInQuery(request), fingerprint),
  )
  if (!group) throw new ApiError('failure_group_not_found', 'No dead letters have this fingerprint.')
  return group
}
