import { randomUUIDv7 } from 'node:crypto'
import {
  ItemList,
  ItemQuery,
  OperationBody,
  OperationList,
  OperationParams,
  OperationQuery,
  OperationView,
  PlanBody,
  PlanView,
  type OperationView as View,
  type PlanBody as Plan,
} from '@ghostpost/delivery/contract/operations'
import { defaultSiteId } from '@ghostpost/delivery/contract/webhook'
import {
  createPlan,
  everyItem,
  findOperation,
  listItems as readItems,
  listOperations as list,
  selectionOf,
  startOperation as start,
  type Selection,
  type ExportedItem,
} from '@ghostpost/infrastructure/database/operations'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { ApiError } from '../../server/api-error.ts'
import { operationAfterChange, operationInPath } from './operation-after-change.ts'
import { invalid, requireDestination } from '../destinations/destination-request.ts'
import { cursorIn } from '../deliveries/log-query.ts'
import { listReaderFor } from '../../server/read-lists.ts'
import {
  destinationNotFound,
  siteIdInQuery,
  siteInBody,
  siteInQuery,
  siteOfOperationInBody,
  siteOfOperationInPath,
  type RequestWithId,
} from '../../server/site-of-request.ts'
import { streamRows } from '../../server/stream-rows.ts'
import { actorOf, sessionOf } from '../../server/caller.ts'
import { defineRoute, type RouteContext } from '../../server/route.ts'

export const planOperation = defineRoute({
  method: 'POST',
  url: '/api/operations/plan',
  access: { role: 'operator', site: siteInBody },
  summary: 'Plan an operation',
  description:
    'Counts what the operation would send, and what it would skip and why. Sends nothing. The ' +
    'plan excludes whatever is made later. Start it within an hour with `POST /api/operations`.',
  tag: 'Operations',
  body: PlanBody,
  responses: { 201: PlanView },
  errors: [400, 401, 403, 404, 409],
  handle: async (context, request, reply) => {
    const { body } = request
    const selection = readSelection(body)
    await checkDestination(context, request, body)
    void reply.code(201)
    const plan = {
      id: randomUUIDv7(),
      siteId: body.siteId ?? defaultSiteId,
      userId: sessionOf(request).userId,
      kind: body.kind,
      selection,
      destinationId: body.destination_id ?? null,
      includeRecovered: body.include_recovered ?? false,
      rate: body.rate,
      canary: body.canary ?? true,
    }
    return context.reads.run(request, 'count', () => createPlan(context.database, plan))
  },
})

/** The one selection of a request: visitors for an export, deliveries for the other kinds. */
function readSelection(body: Plan): Selection {
  const selectors = [body.filter, body.delivery_ids, body.visitors].filter((one) => one !== undefined)
  if (selectors.length > 1) throw invalid('filter', 'one of filter, delivery_ids and visitors')
  const selection = selectionOf(body)
  if (!selection)
    throw new ApiError('filter_required', 'An operation needs a selection: it may not cover everything.')
  if ((body.kind === 'export') !== (selection.kind === 'visitors'))
    throw invalid(
      body.kind === 'export' ? 'visitors' : 'filter',
      'visitors for an export, deliveries for the other kinds',
    )
  return selection
}

async function checkDestination(context: RouteContext, request: FastifyRequest, body: Plan): Promise<void> {
  const id = body.destination_id
  if (id === undefined && body.kind !== 'export') return
  if (id === undefined)
    throw invalid('destination_id', 'the saved destination that the visitors are exported to')
  if (body.kind === 'cancel')
    throw invalid('destination_id', 'no value, because a cancellation sends nothing')
  if (body.kind === 'resend')
    throw invalid('destination_id', 'no value, because a resend goes where the delivery went before')
  const { row } = await requireDestination(context, request, id)
  if (row.siteId !== (body.siteId ?? defaultSiteId)) throw destinationNotFound()
  if (row.state === 'disabled')
    throw new ApiError('destination_disabled', 'The receiver of this destination said it is gone.')
}

export const startOperation = defineRoute({
  method: 'POST',
  url: '/api/operations',
  idempotent: true,
  access: { role: 'operator', site: siteOfOperationInBody },
  summary: 'Start a planned operation',
  description:
    'Sends a canary of ten first, then the others at the rate of the plan, in the bulk lane. A ' +
    'crash of any process does not end an accepted operation. Only one operation with the same ' +
    'selection runs at a time.',
  tag: 'Operations',
  body: OperationBody,
  responses: { 202: OperationView },
  errors: [400, 401, 403, 404, 409],
  handle: async (context, request, reply) => {
    const { operation_id: id, reason } = request.body
    const change = await start(context.database, id, reason ?? null, actorOf(request))
    void reply.code(202).header('location', `/api/operations/${id}`)
    return operationAfterChange(context, id, change)
  },
})

export const listOperations = defineRoute({
  method: 'GET',
  url: '/api/operations',
  access: { role: 'viewer', site: siteInQuery },
  summary: 'Operations of a site, newest first',
  tag: 'Operations',
  query: OperationQuery,
  responses: { 200: OperationList },
  errors: [400, 401, 403, 404],
  handle: async (context, request) => {
    const siteId = siteIdInQuery(request)
    return listReaderFor(context, request)((database) => list(database, siteId, cursorIn(request)))
  },
})

const operationRoute = {
  method: 'GET',
  access: { role: 'viewer', site: siteOfOperationInPath },
  tag: 'Operations',
  params: OperationParams,
  errors: [400, 401, 403, 404],
} as const

export const readOperation = defineRoute({
  ...operationRoute,
  url: '/api/operations/:id',
  summary: 'One operation with its progress',
  responses: { 200: OperationView },
  handle: ({ database }, request) => readView(database, request),
})

const itemLimitDefault = 50

export const listItems = defineRoute({
  ...operationRoute,
  url: '/api/operations/:id/items',
  summary: 'The ledger: the outcome of each member',
  query: ItemQuery,
  responses: { 200: ItemList },
  handle: async (context, request) => {
    const { outcome, cursor, limit } = request.query
    if (cursor !== undefined && !/^\d{1,9}$/.test(cursor))
      throw invalid('cursor', 'the `next` of the page before')
    const page = {
      outcome: outcome ?? null,
      cursor: cursor ?? null,
      limit: Number(limit ?? itemLimitDefault),
    }
    return listReaderFor(context, request)((database) => readItems(database, operationInPath(request), page))
  },
})

const columns = [
  'number',
  'ghost_vid',
  'identified_user',
  'outcome',
  'reason',
  'error_message',
  'response_status',
  'receiver',
  'delivery_id',
  'source_delivery_id',
] as const

export const exportItems = defineRoute({
  ...operationRoute,
  url: '/api/operations/:id/items/export',
  access: { role: 'operator', site: siteOfOperationInPath },
  refusesCrossSite: true,
  summary: 'The ledger as CSV',
  description:
    'Each line names the visitor, the receiver and the receiver’s message. `outcome=failed` ' +
    'returns only the failed members. No cell is a formula.',
  query: ItemQuery,
  produces: ['text/csv'],
  responses: { 200: Type.String({ description: 'CSV, one line per member.' }) },
  handle: async (context, request, reply) => {
    const { outcome } = request.query
    const read = listReaderFor(context, request, 'count')
    const pages = everyItem(read, operationInPath(request), outcome ?? null)
    const rows = { pages, format: 'csv', name: 'operation', columns, flatten: cellsOf } as const
    return streamRows(context, request, reply, rows)
  },
})

function cellsOf(item: ExportedItem): Record<(typeof columns)[number], string | number | null> {
  return { ...item }
}

async function readView(database: RouteContext['database'], request: RequestWithId): Promise<View> {
  const found = await findOperation(database, operationInPath(request))
  if (!found) throw new ApiError('operation_not_found', 'There is no such operation.')
  return found
}
