import {
  AuditList,
  type AuditQuery,
  AuditQuery as AuditQuerySchema,
} from '@ghostpost/delivery/contract/audit'
import { defaultSiteId } from '@ghostpost/delivery/contract/webhook'
import { readAuditLog as readPage } from '@ghostpost/infrastructure/database/upkeep'
import { listReaderFor } from '../../server/read-lists.ts'
import { siteInQuery } from '../../server/site-of-request.ts'
import type { Route } from '../../server/route.ts'

const pageDefault = 50

export const readAuditLog: Route = {
  method: 'GET',
  url: '/api/audit',
  access: { role: 'admin', site: siteInQuery },
  summary: 'Who did what, newest first',
  description:
    'What was done in the site, and the sign-ins of its members. Written in the transaction of what it tells of.',
  tag: 'Operations',
  query: AuditQuerySchema,
  responses: { 200: AuditList },
  errors: [400, 401, 403, 404],
  handle: async (context, request) => {
    const { siteId, cursor, limit } = request.query as AuditQuery
    const site = Number(siteId ?? defaultSiteId)
    const pageSize = Number(limit ?? pageDefault)
    return listReaderFor(context, request)((database) => readPage(database, site, cursor ?? null, pageSize))
  },
}
