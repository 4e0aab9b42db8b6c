import { AuditList, AuditQuery } from '@ghostpost/delivery/contract/audit'
import { readAuditLog as readPage } from '@ghostpost/infrastructure/database/upkeep'
import { listReaderFor } from '../../server/read-lists.ts'
import { siteIdInQuery, siteInQuery } from '../../server/site-of-request.ts'
import { isInstallationAdmin } from '../../server/authorise.ts'
import { defineRoute } from '../../server/route.ts'

const pageDefault = 50

export const readAuditLog = defineRoute({
  method: 'GET',
  url: '/api/audit',
  access: { role: 'admin', site: siteInQuery },
  summary: 'Read the audit log, newest first',
  description:
    'Lists the actions of users in the site and the sign-ins of its members; for an admin of every site ' +
    'also who paused and resumed lanes. Each entry is written in the transaction of its action.',
  tag: 'Operations',
  query: AuditQuery,
  responses: { 200: AuditList },
  errors: [400, 401, 403, 404],
  handle: async (context, request) => {
    const { cursor, limit, action } = request.query
    const siteId = siteIdInQuery(request)
    const pageSize = Number(limit ?? pageDefault)
    const withLanes = await isInstallationAdmin(context, request)
    const actions = action?.split(',') ?? null
    const page = { siteId, cursor: cursor ?? null, limit: pageSize, actions, withLanes }
    return listReaderFor(context, request)((database) => readPage(database, page))
  },
})
