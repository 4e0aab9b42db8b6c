import { DeliveryExportQuery, type DeliverySummary } from '@ghostpost/delivery/contract/delivery-log'
import { everyDelivery } from '@ghostpost/infrastructure/database/log'
import { auditLogExport } from '@ghostpost/infrastructure/database/upkeep'
import { Type } from 'typebox'
import { logQueryOf } from './log-query.ts'
import { listReaderFor } from '../../server/read-lists.ts'
import { siteInQuery } from '../../server/site-of-request.ts'
import { streamRows } from '../../server/stream-rows.ts'
import { actorOf } from '../../server/caller.ts'
import { defineRoute } from '../../server/route.ts'

const columns = [
  'delivery_id',
  'created_at',
  'status',
  'ghost_vid',
  'identified_user',
  'webhook_type',
  'receiver',
  'destination_name',
  'attempts',
  'delivered_at',
  'next_attempt_at',
  'error_code',
  'error_message',
  'response_status',
  'operation_id',
] as const

export const exportDeliveries = defineRoute({
  method: 'GET',
  url: '/api/deliveries/export',
  access: { role: 'operator', site: siteInQuery },
  refusesCrossSite: true,
  summary: 'Export all deliveries a filter matches, as CSV or NDJSON',
  description:
    'Streams any number of deliveries, newest first. CSV is for spreadsheets: UTF-8 with a byte order ' +
    'mark, all cells quoted, and formulas escaped. If the connection breaks, the file is incomplete. A ' +
    'page of another site cannot cause an export (403 `cross_site`).',
  tag: 'Deliveries',
  query: DeliveryExportQuery,
  produces: ['text/csv', 'application/x-ndjson'],
  responses: { 200: Type.String({ description: 'One line per delivery.' }) },
  errors: [400, 401, 403, 404],
  handle: async (context, request, reply) => {
    const { siteId, filter } = logQueryOf(request)
    const format = request.query.format ?? 'csv'
    const pages = everyDelivery(listReaderFor(context, request, 'count'), siteId, filter)
    return streamRows(context, request, reply, {
      pages,
      format,
      name: 'deliveries',
      columns,
      flatten: cellsOf,
      beforeFirst: () => auditLogExport(context.database, siteId, filter, actorOf(request)),
    })
  },
})

function cellsOf(
  delivery: DeliverySummary,
): Record<(typeof columns)[number], string | number | boolean | null> {
  const { last_error, ...rest } = delivery
  return {
    ...rest,
    error_code: last_error?.code ?? null,
    error_message: last_error?.message ?? null,
    response_status: last_error?.response_status ?? null,
  }
}
