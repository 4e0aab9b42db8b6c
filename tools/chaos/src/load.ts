import { setTimeout as pause } from 'node:timers/promises'
import type { World } from './world.ts'

export interface Load {
  /** Every delivery that was acknowledged, with the request it was for. */
  accepted: ReadonlyMap<string, number>
  /** Requests that got two different deliveries, although they carried the same Idempotency-Key: must stay empty. */
  doubledRequests: readonly number[]
  /** Answers by status, with the code of a refusal; "none" where none came. */
  responses: ReadonlyMap<string, number>
  /** Calls so far that were refused, cut or not answered. */
  unserved: () => number
  /** Waits until all who have asked so far are answered. */
  untilIdle: () => Promise<void>
  /** Starts nothing new, and waits until all who were asked have been answered. */
  stop: () => Promise<void>
}

const ghost_vid = 'gv_a1b2c3d4_e5f6g7h8'
const inFlightMax = 400
const retryMs = 150
const responseMaxMs = 6_000

/**
 * Exports at a constant rate, through the balancer. A request that gets no answer is asked again, with the same key,
 * until it gets one.
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
        // Once in a while it is asked again although it was answered: the same key must mean the same delivery.
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
