import { traitsOf } from '@ghostpost/delivery/destinations'
import { retryAfterSeconds } from '../stores/index.ts'
import {
  claimToSendMs,
  deliveryHistories,
  type DeliveryHistory,
  type Observation,
  type Violation,
} from './observation.ts'

const attemptsPerSeries = 5
/** The shortest wait of the schedule, with its jitter. */
const retryMinMs = 1_600
const clockToleranceMs = 60_000

/** What receivers may rely on: duplicates, refusals, waits, bytes, signatures. */
export function checkRequests(observation: Observation): Violation[] {
  const histories = deliveryHistories(observation)
  return [
    ...histories.flatMap((one) => checkRepeats(one)),
    ...histories.flatMap((one) => checkBytes(one)),
    ...histories.flatMap((one) => checkWaits(one)),
    ...histories.flatMap((one) => checkFalseFailure(observation, one)),
    ...observation.received.flatMap(({ signedAtMs, sentAtMs, deliveryId }) =>
      signedAtMs !== null && Math.abs(signedAtMs - sentAtMs) > clockToleranceMs
        ? [violation('signed with the wrong time', `${deliveryId}: ${signedAtMs - sentAtMs} ms off`)]
        : [],
    ),
    ...checkSnapshots(observation),
  ]
}

function violation(invariant: string, text: string): Violation {
  return { invariant, text }
}

/**
 * Each repeat after an acceptance or a refusal needs a reason: an attempt with an unknown outcome, or a resend. A chat
 * shows repeats, so only a resend is a reason there.
 */
function checkRepeats({ row, requests, attempts, replays }: DeliveryHistory): Violation[] {
  const { repeatable } = traitsOf(row.webhookType)
  const unknown = repeatable ? attempts.filter(({ outcomeUnknown }) => outcomeUnknown).length : 0
  let reasons = unknown + replays
  const violations: Violation[] = []
  for (const { reaction } of requests.slice(0, -1)) {
    if (reaction === 'unavailable' || reaction === 'throttle') continue
    reasons -= 1
    if (reasons < 0) violations.push(violation(repeatName(reaction, repeatable), row.deliveryId))
  }
  const most = attemptsPerSeries * (1 + replays)
  if (requests.length > most)
    violations.push(violation('more attempts than the schedule has', `${row.deliveryId}: ${requests.length}`))
  return violations
}

function repeatName(reaction: string, repeatable: boolean): string {
  if (reaction === 'refuse' || reaction === 'gone') return 'a known refusal is sent again'
  return repeatable ? 'a silent duplicate' : 'a chat message twice'
}

function checkBytes({ row, requests }: DeliveryHistory): Violation[] {
  const bodies = new Set(requests.map(({ body }) => body))
  return bodies.size > 1 ? [violation('other bytes under the same id', row.deliveryId)] : []
}

/** After a recorded 429 and 503 the next request waits. */
function checkWaits({ row, requests, attempts, replays }: DeliveryHistory): Violation[] {
  if (replays > 0) return []
  return attempts.flatMap(({ status, atMs, decision }) => {
    if (decision !== 'retry' || (status !== 429 && status !== 503)) return []
    const waitMs = status === 429 ? retryAfterSeconds * 1_000 : retryMinMs
    const next = requests.find((request) => request.sentAtMs > atMs)
    const isEarly = next !== undefined && next.sentAtMs < atMs + waitMs
    return isEarly ? [violation('sent before its time', `${row.deliveryId} after ${status}`)] : []
  })
}

/** A receiver accepted it, and nothing but failing stores disturbed the worker: the result must not be lost. */
function checkFalseFailure(
  { faults }: Observation,
  { row, requests, attempts }: DeliveryHistory,
): Violation[] {
  const last = attempts.at(-1)
  if (row.state !== 'failed' || last?.outcome !== 'interrupted') return []
  const accepted = requests.find(({ reaction }) => reaction === 'accept')
  if (!accepted) return []
  const isDisturbed = faults.some(
    ({ kind, atMs, key }) =>
      Math.abs(atMs - accepted.sentAtMs) < 80_000 && (!kind.startsWith('fail') || key.startsWith('send')),
  )
  return isDisturbed ? [] : [violation('a known result is lost', row.deliveryId)]
}

/** A record of a CRM is not overwritten by an older snapshot once a newer one was delivered. */
function checkSnapshots(observation: Observation): Violation[] {
  const latestMs = claimToSendMs(observation)
  const inCrms = deliveryHistories(observation).filter(
    ({ row }) => traitsOf(row.webhookType).oneRecordPerVisitor && !row.isErased,
  )
  return inCrms.flatMap((older) => {
    const newer = inCrms.filter((one) => isNewer(one, older))
    const deliveredMs = newer.flatMap(({ attempts }) =>
      attempts.flatMap(({ decision, atMs }) => (decision === 'delivered' ? [atMs] : [])),
    )
    const firstMs = Math.min(...deliveredMs)
    const late = older.requests.find(({ sentAtMs }) => sentAtMs > firstMs + latestMs)
    return late ? [violation('an older snapshot overwrites a newer one', older.row.deliveryId)] : []
  })
}

function isNewer(one: DeliveryHistory, other: DeliveryHistory): boolean {
  const isSamePlace =
    one.row.siteId === other.row.siteId &&
    one.row.ghostVid === other.row.ghostVid &&
    one.row.webhookType === other.row.webhookType &&
    one.row.destinationId === other.row.destinationId
  return isSamePlace && one.replays === 0 && versionOf(one) > versionOf(other)
}

/** The city of a simulated visitor names the version of the profile. */
function versionOf({ requests }: DeliveryHistory): number {
  return Number(/version (\d+)/.exec(requests[0]?.body ?? '')?.[1] ?? 0)
}
