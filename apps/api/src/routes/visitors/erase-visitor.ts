import { ErasedView, StoredVisitorParams, VisitorQuery } from '@ghostpost/delivery/contract/visitor'
import { eraseVisitor as erase } from '@ghostpost/infrastructure/database/visitors'
import { siteIdInQuery, siteInQuery } from '../../server/site-of-request.ts'
import { actorOf } from '../../server/caller.ts'
import { defineRoute } from '../../server/route.ts'

export const eraseVisitor = defineRoute({
  method: 'POST',
  idempotent: true,
  url: '/api/visitors/:ghost_vid/erase',
  access: { role: 'admin', site: siteInQuery },
  summary: 'Erase a visitor',
  description:
    'Deletes the profile and, in all deliveries of the visitor, the payload, the receivers’ responses ' +
    'and the visitor’s id; cancels waiting deliveries. It cannot be undone, and it is safe to repeat. ' +
    'The visitor is suppressed from then on: no way in stores it again, until an admin lifts the suppression. ' +
    'Receivers must erase their own copies.',
  tag: 'Visitors',
  params: StoredVisitorParams,
  query: VisitorQuery,
  responses: { 200: ErasedView },
  errors: [400, 401, 403, 404],
  handle: async ({ database }, request) => {
    const visitor = { siteId: siteIdInQuery(request), ghostVid: request.params.ghost_vid }
    return erase(database, visitor, actorOf(request))
  },
})
