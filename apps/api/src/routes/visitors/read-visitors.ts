import {
  VisitorList,
  VisitorListQuery,
  VisitorParams,
  VisitorQuery,
  VisitorView,
} from '@ghostpost/delivery/contract/visitor'
import { listVisitors as listPage, readVisitor as read } from '@ghostpost/infrastructure/database/visitors'
import { ApiError } from '../../server/api-error.ts'
import { defineRoute } from '../../server/route.ts'
import { listReaderFor } from '../../server/read-lists.ts'
import { siteIdInQuery, siteInQuery } from '../../server/site-of-request.ts'

const pageDefault = 50

export const listVisitors = defineRoute({
  method: 'GET',
  url: '/api/visitors',
  access: { role: 'viewer', site: siteInQuery },
  summary: 'List and search the visitors of a site',
  tag: 'Visitors',
  query: VisitorListQuery,
  responses: { 200: VisitorList },
  errors: [400, 401, 403, 404],
  handle: async (context, request) => {
    const { text, identified_user: user, score_min: score, seen_from: from, cursor, limit } = request.query
    const page = {
      siteId: siteIdInQuery(request),
      cursor: cursor ?? null,
      limit: Number(limit ?? pageDefault),
      ...(text !== undefined && { text }),
      ...(user !== undefined && { identifiedUser: user }),
      ...(score !== undefined && { scoreMin: Number(score) }),
      ...(from !== undefined && { seenFrom: new Date(from) }),
    }
    return listReaderFor(context, request)((database) => listPage(database, page))
  },
})

export const readVisitor = defineRoute({
  method: 'GET',
  url: '/api/visitors/:ghost_vid',
  access: { role: 'viewer', site: siteInQuery },
  summary: 'Read a visitor, and what was exported where',
  tag: 'Visitors',
  params: VisitorParams,
  query: VisitorQuery,
  responses: { 200: VisitorView },
  errors: [400, 401, 403, 404],
  handle: async (context, request) => {
    const visitor = { siteId: siteIdInQuery(request), ghostVid: request.params.ghost_vid }
    const view = await listReaderFor(context, request)((database) => read(database, visitor))
    if (!view) throw new ApiError('visitor_not_found', 'There is no such visitor in this site.')
    return view
  },
})
