import { setTimeout as pause } from 'node:timers/promises'
import type { CallRecord } from './history/history.ts'
import type { World } from './world/world.ts'

export interface Load {
  /** Every call with its response. */
  calls: readonly CallRecord[]
  /** Every acknowledged delivery with the number of its call. */
  accepted: ReadonlyMap<string, number>
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
/** One in so many calls is repeated although it got a response: the same key must return the same delivery. */
const repeatedEvery = 7

/**
 * Exports at a constant rate through the balancer. It repeats a call without a response, with the same key, until it
 * gets one.
 */
export function startLoad(world: World, perSecond: number): Load {
  const calls: CallRecord[] = []
  const accepted = new Map<string, number>()
  const responses = new Map<string, number>()
  const inFlight = new Set<Promise<void>>()
  let count = 0
  const start = Date.now()
  const sendUntilAccepted = async (call: number): Promise<void> => {
    let acknowledgements = 0
    for (let tries = 0; ; tries += 1) {
      const { label, record } = await sendExport(world, call, tries)
      calls.push(record)
      responses.set(label, (responses.get(label) ?? 0) + 1)
      if (record.deliveryId !== null) {
        accepted.set(record.deliveryId, call)
        acknowledgements += 1
        if (acknowledgements > 1 || call % repeatedEvery !== 0) return
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
    calls,
    accepted,
    responses,
    unserved: () =>
      sumOf(responses) -
      (responses.get('200') ?? 0) -
      (responses.get('202') ?? 0) -
      (responses.get('502') ?? 0),
    untilIdle: async () => void (await Promise.all(inFlight)),
    stop: async () => {
      clearInterval(timer)
      await Promise.all(inFlight)
    },
  }
}

async function sendExport(
  world: World,
  call: number,
  tries: number,
): Promise<{ label: string; record: CallRecord }> {
  const key = `chaos-${call}`
  const { webhookType, url } = world.receiver.targetOf(call)
  const sentAt = performance.now()
  try {
    const response = await fetch(`${world.balancer.pick(call + tries)}/api/webhook`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        cookie: `session=${world.session}`,
        'idempotency-key': key,
        prefer: call % 5 === 0 ? 'wait=2' : 'respond-async',
      },
      body: JSON.stringify({ ghost_vid, webhook_type: webhookType, webhook_url: url }),
      signal: AbortSignal.timeout(responseMaxMs),
    })
    const body = (await response.json()) as { delivery_id?: string; error?: { code?: string } }
    const deliveryId = body.delivery_id ?? null
    const { status } = response
    return {
      label: deliveryId === null ? `${status} ${body.error?.code ?? ''}` : String(status),
      record: { key, sentAt, respondedAt: performance.now(), status, deliveryId },
    }
  } catch {
    return {
      label: 'none',
      record: { key, sentAt, respondedAt: performance.now(), status: null, deliveryId: null },
    }
  }
}

function sumOf(responses: ReadonlyMap<string, number>): number {
  return [...responses.values()].reduce((sum, count) => sum + count, 0)
}
