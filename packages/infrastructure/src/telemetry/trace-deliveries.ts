import type { BudgetedResult, DeliveryJob, OutboundRequest, SendRequest } from '@ghostpost/delivery/deliver'
import type { DeliveryQueue } from '../queue/delivery-queue.ts'
import type { SpanAttributes, TraceSpan, Tracing } from './tracing.ts'

/**
 * Traces follow a delivery from the request through the queue to each attempt. If tracing is off (null), each function
 * returns its argument unchanged.
 */

/** Makes each enqueue a span; the job carries it as the parent of the attempt's span. */
export function traceQueue(tracing: Tracing | null, queue: DeliveryQueue): DeliveryQueue {
  if (!tracing) return queue
  return {
    ...queue,
    enqueue: async (due, options) => {
      const span = tracing.start('producer', `enqueue ${due.lane}`, {
        'messaging.system': 'bullmq',
        'messaging.operation.type': 'send',
        'messaging.destination.name': due.lane,
        'ghostpost.delivery_id': due.deliveryId,
      })
      const enqueued = await span.run(() => queue.enqueue(due, { ...options, trace: span.traceparent }))
      if (!enqueued) span.fail('not_enqueued')
      span.end()
      return enqueued
    },
  }
}

type Attempt<Rest extends unknown[]> = (job: DeliveryJob, ...rest: Rest) => Promise<BudgetedResult>

/** Makes each attempt a span. A delivery that has to wait ends without one, because waiting is not an attempt. */
export function traceAttempts<Rest extends unknown[]>(
  tracing: Tracing | null,
  attempt: Attempt<Rest>,
): Attempt<Rest> {
  if (!tracing) return attempt
  return async (job, ...rest) => {
    const attributes = { 'ghostpost.delivery_id': job.deliveryId }
    const span = tracing.start('consumer', 'attempt', attributes, job.trace)
    try {
      const result = await span.run(() => attempt(job, ...rest))
      if (result.kind !== 'wait') endAttempt(span, result)
      return result
    } catch (error) {
      span.fail('fault')
      span.end()
      throw error
    }
  }
}

function endAttempt(span: TraceSpan, result: BudgetedResult): void {
  span.set(attributesOf(result))
  if (result.kind === 'claim_lost') span.fail('claim_lost')
  if (result.kind === 'settled' && result.attempt.verdict.decision !== 'delivered')
    span.fail(result.attempt.verdict.failure.cause)
  span.end()
}

function attributesOf(result: BudgetedResult): SpanAttributes {
  if (result.kind !== 'settled') return { 'ghostpost.result': result.kind }
  const { claim, settlement } = result
  return {
    'ghostpost.result': settlement.state,
    'ghostpost.site_id': claim.siteId,
    'ghostpost.webhook_type': claim.webhookType,
    'ghostpost.attempt': claim.attemptNumber,
    'ghostpost.waited_ms': Math.round(claim.dueForMs),
    ...(claim.destinationId !== null && { 'ghostpost.destination_id': claim.destinationId }),
    ...(claim.operationId !== null && { 'ghostpost.operation_id': claim.operationId }),
    ...(claim.requestId !== null && { 'ghostpost.request_id': claim.requestId }),
  }
}

/**
 * Makes each request to a receiver a span.
 * @param propagate whether to send `traceparent` to the receiver, so that its spans join the trace
 */
export function traceSends(tracing: Tracing | null, send: SendRequest, propagate: boolean): SendRequest {
  if (!tracing) return send
  return async (request) => {
    const span = tracing.start('client', request.method ?? 'POST', {
      'http.request.method': request.method ?? 'POST',
      'server.address': request.url.hostname,
    })
    try {
      const sent = await span.run(() => send(propagate ? withTraceparent(span, request) : request))
      const { outcome } = sent
      if (outcome.kind === 'answered') span.set({ 'http.response.status_code': outcome.status })
      if (outcome.kind !== 'answered') span.fail(outcome.kind)
      else if (outcome.status >= 400) span.fail(String(outcome.status))
      return sent
    } finally {
      span.end()
    }
  }
}

/** A destination's own `traceparent` header overrides ours. */
function withTraceparent({ traceparent }: TraceSpan, request: OutboundRequest): OutboundRequest {
  return { ...request, headers: { traceparent, ...request.headers } }
}
