import { StoredVisitorParams, VisitorQuery } from '@ghostpost/delivery/contract/visitor'
import { liftSuppression as lift } from '@ghostpost/infrastructure/database/visitors'
import { Type } from 'typebox'
import { ApiError } from '../../server/api-error.ts'
import { actorOf } from '../../server/caller.ts'
import { defineRoute } from '../../server/route.ts'
import { siteIdInQuery, siteInQuery } from '../../server/site-of-request.ts'

export const liftSuppression = defineRoute({
  method: 'DELETE',
  url: '/api/visitors/:ghost_vid/suppression',
  access: { role: 'admin', site: siteInQuery },
  summary: 'Lift the suppression of an erased visitor',
  description: 'The visitor may be stored and exported again. What was erased does not come back.',
  tag: 'Visitors',
  params: StoredVisitorParams,
  query: VisitorQuery,
  responses: { 204: Type.Null({ description: 'Lifted.' }) },
  errors: [400, 401, 403, 404],
  handle: async ({ database }, request, reply) => {
    const visitor = { siteId: siteIdInQuery(request), ghostVid: request.params.ghost_vid }
    if (!(await lift(database, visitor, actorOf(request))))
      throw new ApiError('suppression_not_found', 'This visitor is not suppressed in this site.')
    return reply.code(204).send()
  },
})
