import { actionOf, claimToSendMs, replaysOf, type Observation, type Violation } from './observation.ts'

/** What callers may rely on: the meaning of a status, idempotency, cancelling, pausing, erasing. */
export function checkResponses(observation: Observation): Violation[] {
  return [
    ...checkStatuses(observation),
    ...checkKeys(observation),
    ...checkFirstResponses(observation),
    ...checkCancelled(observation),
    ...checkPaused(observation),
    ...checkErased(observation),
  ]
}

function checkStatuses({ responses, received }: Observation): Violation[] {
  return responses.flatMap(({ status, deliveryId, atMs, subject, kind }) => {
    if (status === 500) return [{ invariant: 'an internal error', text: `${kind} ${subject}` }]
    if (status !== 200 || (kind !== 'export' && kind !== 'again')) return []
    const isReceived = received.some(
      (request) => request.deliveryId === deliveryId && request.reaction === 'accept' && request.atMs <= atMs,
    )
    return isReceived ? [] : [{ invariant: '200 before the receiver had it', text: subject }]
  })
}

/** One delivery per key; without a key the caller does not repeat the call, so there is one, too. */
function checkKeys({ history, deliveries }: Observation): Violation[] {
  const counts = new Map<string, number>()
  for (const { deliveryId } of deliveries)
    counts.set(actionOf(deliveryId), (counts.get(actionOf(deliveryId)) ?? 0) + 1)
  return history.actions.flatMap((action) =>
    action.kind === 'export' && (counts.get(action.id) ?? 0) > 1
      ? [{ invariant: 'two deliveries for one key', text: action.id }]
      : [],
  )
}

/** A key gives its first response again. An erasure deletes the key. */
function checkFirstResponses({ responses, history }: Observation): Violation[] {
  const erased = new Set(
    history.actions.flatMap((one) => (one.kind === 'erase' ? [`${one.siteId} ${one.ghostVid}`] : [])),
  )
  return history.actions.flatMap((action) => {
    if (action.kind !== 'export' || !action.hasKey || erased.has(`${action.siteId} ${action.ghostVid}`))
      return []
    const own = responses.filter(
      ({ subject, kind, status }) =>
        subject === action.id && (kind === 'export' || kind === 'again') && status !== null && status < 503,
    )
    const [first, ...others] = own.toSorted((one, other) => one.atMs - other.atMs)
    const isStored = first !== undefined && first.deliveryId !== null
    const other =
      isStored && others.find(({ status, sentAtMs }) => sentAtMs >= first.atMs && status !== first.status)
    return other
      ? [
          {
            invariant: 'another response for the same key',
            text: `${action.id}: ${first.status}, ${other.status}`,
          },
        ]
      : []
  })
}

function checkCancelled(observation: Observation): Violation[] {
  const { responses, received } = observation
  return responses.flatMap(({ kind, status, deliveryId, subject, atMs }) => {
    if (kind !== 'cancel' || status !== 200 || deliveryId === null) return []
    const isResent = replaysOf(observation, deliveryId) > 0
    const isSent = received.some((request) => request.deliveryId === deliveryId && request.sentAtMs > atMs)
    return isSent && !isResent ? [{ invariant: 'sent after it was cancelled', text: subject }] : []
  })
}

/** No attempt that was claimed after a pause sends before the resumption. */
function checkPaused(observation: Observation): Violation[] {
  const { responses, received, deliveries } = observation
  const latestMs = claimToSendMs(observation)
  const destinationOf = new Map(deliveries.map((row) => [row.deliveryId, row.destinationId]))
  return responses.flatMap(({ kind, status, subject, atMs }) => {
    if (kind !== 'pause-destination' || status !== 200) return []
    const resumed = responses.filter((one) => one.kind === 'resume-destination' && one.subject === subject)
    const untilMs = Math.min(...resumed.map(({ sentAtMs }) => sentAtMs))
    const sent = received.find(
      ({ deliveryId, sentAtMs }) =>
        destinationOf.get(deliveryId) === subject && sentAtMs > atMs + latestMs && sentAtMs < untilMs,
    )
    return sent ? [{ invariant: 'sent to a paused destination', text: sent.deliveryId }] : []
  })
}

/** After an erasure only what a worker was sending arrives, each once; and nothing of the visitor remains. */
function checkErased(observation: Observation): Violation[] {
  const erasures = observation.responses.filter(({ kind, status }) => kind === 'erase' && status === 200)
  const personal = observation.deliveries.filter(({ isErased }) => isErased).map((row) => row.deliveryId)
  const kept = personal.filter(
    (id) =>
      observation.payloads.includes(id) ||
      observation.attempts.some((line) => line.deliveryId === id && line.responseBody !== null),
  )
  return [
    ...kept.map((text) => ({ invariant: 'data of an erased visitor is kept', text })),
    ...erasures.flatMap((erasure) => checkErasure(observation, erasure)),
  ]
}

function checkErasure(
  { responses, received, deliveries, visitors }: Observation,
  erasure: Observation['responses'][number],
): Violation[] {
  const { subject, atMs, inFlight } = erasure
  const ghostVid = subject.slice(subject.indexOf(' ') + 1)
  const isKept =
    deliveries.some((row) => row.ghostVid === ghostVid) || visitors.some((row) => row.ghostVid === ghostVid)
  const after = received.filter((request) => request.sentAtMs > atMs && request.body.includes(ghostVid))
  const ids = after.map(({ deliveryId }) => deliveryId)
  const isOnlyCall = responses.filter((one) => one.kind === 'erase' && one.subject === subject).length === 1
  const tooMany = new Set(ids).size < ids.length || (isOnlyCall && ids.length > inFlight)
  return [
    ...(isKept ? [{ invariant: 'data of an erased visitor is kept', text: subject }] : []),
    ...(tooMany ? [{ invariant: 'sent after erasure', text: ids.join(' ') }] : []),
  ]
}
