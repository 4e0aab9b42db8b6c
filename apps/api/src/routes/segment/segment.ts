import {
  messagesMax,
  SegmentResponse,
  type MessageResult,
  type SegmentCall,
} from '@ghostpost/delivery/contract/segment'
import { VisitorQuery } from '@ghostpost/delivery/contract/visitor'
import { messagesOf, type JsonRecord } from '@ghostpost/delivery/visitors'
import type { FastifyRequest } from 'fastify'
import { ApiError } from '../../server/api-error.ts'
import { rightOf } from '../../server/caller.ts'
import { defineRoute, type Route, type RouteContext } from '../../server/route.ts'
import { siteOfKeyOrInQuery } from '../../server/site-of-request.ts'
import { readJsonBody } from './read-body.ts'
import { storeMessages } from './store-messages.ts'

const retrySeconds = 2

const segmentRoute = {
  method: 'POST',
  idempotent: true,
  takesBasicKey: true,
  access: { role: 'operator', site: siteOfKeyOrInQuery },
  tag: 'Visitors',
  query: VisitorQuery,
  // RudderStack's client names no JSON when it compresses.
  rowsIn: ['application/json', 'application/x-www-form-urlencoded'],
  responses: { 200: SegmentResponse },
  errors: [400, 401, 403, 404],
} as const

const merging =
  'Takes an API key as the write key: the user name of `Authorization: Basic`, or a Bearer key. What messages say ' +
  'about a visitor is merged field by field, in whatever order they arrive; a repeated message changes nothing. The ' +
  'site is that of the key. The body may be compressed with gzip.'

export const storeSegmentBatch = defineRoute({
  ...segmentRoute,
  url: '/v1/batch',
  summary: 'Store messages of Segment’s HTTP API',
  description:
    `At most ${messagesMax} messages (identify, track, page, screen), of 32 KiB each and 1 MiB together. ` +
    merging,
  handle: (context, request) =>
    withSlot(context, request, async () => {
      const messages = messagesOf(await readJsonBody(request))
      if (!messages || messages.length > messagesMax) throw wrongBatch()
      return responseOf(await storeMessages(context, request, rightOf(request).siteId, messages))
    }),
})

export const storeSegmentIdentify = callRoute('identify', 'Store the traits of a visitor')
export const storeSegmentTrack = callRoute('track', 'Store an event of a visitor')
export const storeSegmentPage = callRoute('page', 'Store a page view of a visitor')

function callRoute(type: SegmentCall, summary: string): Route {
  return defineRoute({
    ...segmentRoute,
    url: `/v1/${type}`,
    summary: `${summary}, as Segment’s HTTP API`,
    description: merging,
    handle: (context, request) =>
      withSlot(context, request, async () => {
        const message: JsonRecord = { ...(await readJsonBody(request)), type }
        const results = await storeMessages(context, request, rightOf(request).siteId, [message])
        const details = results.flatMap(({ error }) => error?.details ?? [])
        if (details.length === 0) return responseOf(results)
        const fields = details.map(({ field }) => field).join(', ')
        throw new ApiError('validation_failed', `Wrong or missing: ${fields}.`, details)
      }),
  })
}

/** Runs the work in one of the slots that batches of visitors have. */
async function withSlot<T>(
  { batchSlots }: RouteContext,
  request: FastifyRequest,
  work: () => Promise<T>,
): Promise<T> {
  const release = batchSlots.tryAcquire(String(rightOf(request).siteId))
  if (!release)
    throw new ApiError('overloaded', 'Too many batches are running; nothing was stored.', [], retrySeconds)
  try {
    return await work()
  } finally {
    release()
  }
}

function wrongBatch(): ApiError {
  const details = [{ field: 'batch', expected: `an array of at most ${messagesMax} messages` }]
  return new ApiError('validation_failed', 'Wrong: batch.', details)
}

function responseOf(results: MessageResult[]): SegmentResponse {
  const count = (name: MessageResult['result']): number =>
    results.filter(({ result }) => result === name).length
  return {
    success: true,
    stored: count('stored'),
    suppressed: count('suppressed'),
    ignored: count('ignored'),
    refused: count('refused'),
    results,
  }
}
