import { setTimeout as pause } from 'node:timers/promises'
import type { World } from './world.ts'

export interface Load {
  /** Every acknowledged delivery with its request. */
  accepted: ReadonlyMap<string, number>
  /** Requests with one Idempotency-Key that got two deliveries; must stay empty. */
  doubledRequests: readonly number[]
  /** Number of responses by status and error code; "none" counts calls without a response. */
  responses: ReadonlyMap<string, number>
  /** Number of calls that were refused, disconnected or got no response. */
  unserved: () => number
  /** Waits until all calls made so far have a response. */
  untilIdle: () => Promise<void>
  /** Makes no new calls and waits until all calls have a response. */
  stop: () => Promise<void>
}

const ghost_vid = 'gv_a1b2c3d4_e5f6g7h8'
const inFlightMax = 400
const retryMs = 150
const responseMaxMs = 6_000

/**
 * Exports at a constant rate through the balancer. It repeats a request without a response, with the same key, until it
 * gets one.
 */
export function startLoad(world: World, perSecond: number): Load {
  const accepted = new Map<string, number>()
  const doubledRequests: number[] = []
  const responses = new Map<string, number>()
  const inFlight = new Set<Promise<void>>()
  let count = 0
  const start = Date.now()
  const sendUntilAccepted = async (request: number): Promise<void> => {
    let firstId: string | undefined
    for (let tries = 0; ; tries += 1) {
      const { status, deliveryId } = await sendExport(world, request, tries)
      responses.set(status, (responses.get(status) ?? 0) + 1)
      if (deliveryId !== undefined) {
        if (firstId !== undefined && firstId !== deliveryId) doubledRequests.push(request)
        accepted.set(deliveryId, request)
        // Sometimes it repeats a request that got a response: the same key must return the same delivery.
        if (firstId !== undefined || request % 7 !== 0) return
        firstId = deliveryId
      }
      await pause(retryMs)
    }
  }
  const timer = setInterval(() => {
    const due = Math.floor(((Date.now() - start) * perSecond) / 1_000)
    while (count < due) {
      count += 1
      if (inFlight.size >= inFlightMax) continue
      const sending: Promise<void> = sendUntilAccepted(count).finally(() => inFlight.delete(sending))
      inFlight.add(sending)
    }
  }, 10)
  return {
    accepted,
    doubledRequests,
    responses,
    unserved: () => sumOf(responses) - (responses.get('200') ?? 0) - (responses.get('202') ?? 0),
    untilIdle: async () => void (await Promise.all(inFlight)),
    stop: async () => {
      clearInterval(timer)
      await Promise.all(inFlight)
    },
  }
}

async function sendExport(
  world: World,
  request: number,
  tries: number,
): Promise<{ status: string; deliveryId?: string }> {
  const api = world.balancer.pick(request + tries)
  try {
    const response = await fetch(`${api}/api/webhook`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        cookie: `session=${world.session}`,
        'idempotency-key': `chaos-${request}`,
        prefer: request % 5 === 0 ? 'wait=2' : 'respond-async',
      },
      body: JSON.stringify({ ghost_vid, webhook_url: world.receiver.urlFor(request) }),
      signal: AbortSignal.timeout(responseMaxMs),
    })
    const body = (await response.json()) as { delivery_id?: string; error?: { code?: string } }
    const refusal = body.delivery_id === undefined ? ` ${body.error?.code ?? ''}` : ''
    return {
      status: `${response.status}${refusal}`,
      ...(body.delivery_id !== undefined && { deliveryId: body.delivery_id }),
    }
  } catch {
    return { status: 'none' }
  }
}

function sumOf(responses: ReadonlyMap<string, number>): number {
  return [...responses.values()].reduce((sum, count) => sum + count, 0)
}
