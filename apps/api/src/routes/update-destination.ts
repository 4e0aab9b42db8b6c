import { DestinationChanges, DestinationParams, DestinationView } from '@ghostpost/delivery/contract'
import {
  updateDestination as changeDestination,
  type DestinationUpdate,
  type FoundDestination,
} from '@ghostpost/infrastructure'
import type { FastifyRequest } from 'fastify'
import {
  changeableDestination,
  checkHeaders,
  nameTaken,
  receiverUrlOf,
  requireSealer,
} from '../destination-request.ts'
import type { Route, RouteContext } from './route.ts'

export const updateDestination: Route = {
  method: 'PATCH',
  url: '/api/destinations/:id',
  access: 'session',
  summary: 'Change, pause or enable a saved destination',
  description:
    'Deliveries that wait use what it says when they are attempted. Pausing holds them and spends no attempt.',
  tag: 'Destinations',
  params: DestinationParams,
  body: DestinationChanges,
  responses: { 200: DestinationView },
  errors: [400, 401, 403, 404, 409, 413, 415, 501, 503],
  handle,
}

async function handle(context: RouteContext, request: FastifyRequest): Promise<unknown> {
  const body = request.body as DestinationChanges
  const url = body.webhook_url === undefined ? undefined : receiverUrlOf(body.webhook_url).href
  checkHeaders(body.headers ?? {})
  const found = await changeableDestination(context, request)
  requireSealer(context)
  const view = await changeDestination(context.database, context.sealer, found, updateOf(body, url, found))
  if (!view) throw nameTaken()
  return view
}

function updateOf(
  body: DestinationChanges,
  url: string | undefined,
  { secrets }: FoundDestination,
): DestinationUpdate {
  const sealedAnew = url !== undefined || body.headers !== undefined
  return {
    ...(body.name !== undefined && { name: body.name }),
    ...(body.retry_schedule !== undefined && { retrySchedule: body.retry_schedule }),
    ...(body.concurrency !== undefined && { concurrency: body.concurrency }),
    ...(body.rate_limit !== undefined && { rateLimit: body.rate_limit }),
    ...(body.state !== undefined && { state: body.state, stateReason: body.state_reason ?? null }),
    ...(sealedAnew && {
      secrets: { ...secrets, url: url ?? secrets.url, headers: body.headers ?? secrets.headers },
    }),
  }
}
