import {
  BatchQuery,
  BatchResponse,
  batchRowsMax,
  StoredVisitorView,
  VisitorParams,
  VisitorQuery,
  type BatchRowResult,
} from '@ghostpost/delivery/contract/visitor'
import { VisitorBody } from '@ghostpost/delivery/contract/visitor-record'
import { problemsOfVisitor } from '@ghostpost/delivery/visitors'
import { storeVisitors } from '@ghostpost/infrastructure/database/visitors'
import { ApiError } from '../../server/api-error.ts'
import { rightOf } from '../../server/caller.ts'
import { defineRoute } from '../../server/route.ts'
import { siteIdInQuery, siteInQuery } from '../../server/site-of-request.ts'
import { storeBatch } from './store-batch.ts'

const retrySeconds = 2

export const putVisitor = defineRoute({
  method: 'PUT',
  url: '/api/visitors/:ghost_vid',
  access: { role: 'operator', site: siteInQuery },
  summary: 'Store a visitor',
  description:
    'Creates or replaces the profile, and adds sessions and events. The newest `last_seen` wins, whatever the ' +
    'order of the calls, and a repeated call changes nothing. A visitor who was erased is not stored.',
  tag: 'Visitors',
  params: VisitorParams,
  query: VisitorQuery,
  body: VisitorBody,
  responses: { 200: StoredVisitorView },
  errors: [400, 401, 403, 404, 409],
  handle: async ({ database, reads }, request) => {
    const { ghost_vid: vid } = request.params
    const problems = problemsOfVisitor(request.body, Date.now())
    if (problems.length > 0) {
      const fields = problems.map(({ field }) => field).join(', ')
      throw new ApiError('validation_failed', `Wrong or missing: ${fields}.`, problems)
    }
    const siteId = siteIdInQuery(request)
    const rows = [{ ...request.body, ghost_vid: vid }]
    const stored = await reads.run(request, 'write', () => storeVisitors(database, siteId, rows))
    const result = stored.get(vid)
    if (result === undefined || result === 'suppressed')
      throw new ApiError(
        'visitor_suppressed',
        'The visitor was erased and is suppressed; nothing was stored.',
      )
    return { ghost_vid: vid, result }
  },
})

export const storeVisitorBatch = defineRoute({
  method: 'POST',
  url: '/api/visitors/batch',
  access: { role: 'operator', site: siteInQuery },
  summary: 'Store many visitors',
  description:
    `At most ${batchRowsMax} rows, as a JSON array or as lines of JSON (\`application/x-ndjson\`). A row is the body ` +
    'of `PUT /api/visitors/{ghost_vid}` with `ghost_vid`. A refused row does not stop the others. Rows are stored ' +
    'while they arrive, so send a batch again when the call fails: what is stored already does not change.',
  tag: 'Visitors',
  query: BatchQuery,
  rowsIn: ['application/x-ndjson', 'application/json'],
  responses: { 200: BatchResponse },
  errors: [400, 401, 403, 404],
  handle: async (context, request) => {
    const release = context.batchSlots.tryAcquire(String(rightOf(request).siteId))
    if (!release)
      throw new ApiError('overloaded', 'Too many batches are running; nothing was stored.', [], retrySeconds)
    try {
      const isDryRun = request.query.dry_run === 'true'
      return summaryOf(await storeBatch(context, request, { siteId: siteIdInQuery(request), isDryRun }))
    } finally {
      release()
    }
  },
})

function summaryOf(results: BatchRowResult[]): BatchResponse {
  const count = (name: BatchRowResult['result']): number =>
    results.filter(({ result }) => result === name).length
  return {
    rows: results.length,
    created: count('created'),
    updated: count('updated'),
    unchanged: count('unchanged'),
    suppressed: count('suppressed'),
    refused: count('refused'),
    results,
  }
}
