import { isFinished, type DeliveryState, type Lane } from './delivery.ts'
import type { RetryReason } from './ports.ts'
import type { DestinationState } from '../destinations/saved-destination.ts'

/** What is known of a delivery that waits. */
export interface WaitingDelivery {
  state: DeliveryState
  /** In this series of attempts. */
  attemptsMade: number
  /** As many attempts as its retry schedule has. */
  attemptsMax: number
  nextAttemptAt: Date | null
  /** Null when that is not known. */
  nextAttemptBecause: RetryReason | null
  /** When the sweeper looks whether the queue lost it. */
  sweepAt: Date | null
  claimExpiresAt: Date | null
  /** Of its saved destination; null when it has none. */
  destination: { state: DestinationState; reason: string | null } | null
  /** Of the operation it belongs to; null when it belongs to none. */
  operation: { state: string; reason: string | null } | null
  /** Workers that live. */
  workers: number
}

/** What is known of all it may wait for. */
export interface WaitContext {
  now: Date
  lane: Lane
  /** Why somebody holds the lane; null when nobody does. */
  lanePauseReason: string | null
  breaker: 'closed' | 'open' | 'half_open'
  breakerOpenUntil: Date | null
  /** The receiver asked to be left alone until then. */
  throttledUntil: Date | null
  /** Requests under way to the receiver, and how many may be at once. */
  inFlight: number
  concurrencyNow: number
  isQueueUp: boolean
  /** Null when the queue did not say. */
  isQueued: boolean | null
  /** Deliveries in the same lane that wait, too; null when the queue did not say. */
  waitingInLane: number | null
}

type WaitReasonCode =
  | 'destination_paused'
  | 'destination_disabled'
  | 'operation_paused'
  | 'lane_paused'
  | 'breaker_open'
  | 'throttled'
  | 'waiting_for_retry'
  | 'being_delivered'
  | 'receiver_full'
  | 'not_queued'
  | 'behind_others'
  | 'no_worker'
  | 'queue_down'
  | 'finished'

export interface WaitReason {
  code: WaitReasonCode
  text: string
  until: Date | null
  remedy: string | null
}

/** Why a delivery is where it is, the decisive reason first. Never empty. */
export function explainWait(delivery: WaitingDelivery, context: WaitContext): WaitReason[] {
  if (isFinished(delivery.state)) return [finished(delivery)]
  if (delivery.state === 'delivering') return [beingDelivered(delivery, context)]
  const reasons = [
    ...pauseReasons(delivery, context),
    ...retryReasons(delivery, context),
    ...blockingReasons(delivery, context),
  ]
  return reasons.length > 0 ? reasons : [behindOthers(context)]
}

function finished({ state }: WaitingDelivery): WaitReason {
  const text = { delivered: 'It was delivered.', failed: 'It was given up; its last error says why.' }[
    state as string
  ]
  const remedy = state === 'delivered' ? null : 'Resend it, or re-export it with fresh data.'
  return { code: 'finished', text: text ?? 'It was cancelled.', until: null, remedy }
}

function beingDelivered({ claimExpiresAt }: WaitingDelivery, { now }: WaitContext): WaitReason {
  const isLate = claimExpiresAt !== null && claimExpiresAt <= now
  const text = isLate
    ? 'The worker that was delivering it has gone silent; another one takes over.'
    : 'A worker is delivering it right now.'
  return { code: 'being_delivered', text, until: claimExpiresAt, remedy: null }
}

/** What somebody has stopped, and somebody has to let go on. */
function* pauseReasons(
  { destination, operation }: WaitingDelivery,
  { lane, lanePauseReason }: WaitContext,
): Generator<WaitReason> {
  if (destination?.state === 'disabled')
    yield {
      code: 'destination_disabled',
      text: `Its destination is disabled${reasonSuffix(destination.reason)}`,
      until: null,
      remedy: 'Correct the destination and set its state to enabled.',
    }
  if (destination?.state === 'paused')
    yield {
      code: 'destination_paused',
      text: `Its destination is paused${reasonSuffix(destination.reason)}`,
      until: null,
      remedy: 'Set the destination’s state to enabled.',
    }
  if (operation?.state === 'paused')
    yield {
      code: 'operation_paused',
      text: `Its operation is paused${reasonSuffix(operation.reason)}`,
      until: null,
      remedy: 'Resume or cancel the operation.',
    }
  if (lanePauseReason !== null)
    yield {
      code: 'lane_paused',
      text: `The ${lane} lane is held${reasonSuffix(lanePauseReason)}`,
      until: null,
      remedy: 'Let the lane go on.',
    }
}

function reasonSuffix(reason: string | null): string {
  return reason === null ? '.' : `: ${reason}`
}

function* retryReasons(delivery: WaitingDelivery, context: WaitContext): Generator<WaitReason> {
  if (isDue(delivery, context)) return
  const { attemptsMade, attemptsMax, nextAttemptBecause, nextAttemptAt } = delivery
  const reasonTexts = {
    schedule: 'the retry schedule waits so long after the last one',
    receiver_asked: 'the receiver asked to wait so long (Retry-After)',
  }
  const reasonSuffix = nextAttemptBecause === null ? '' : `: ${reasonTexts[nextAttemptBecause]}`
  yield {
    code: 'waiting_for_retry',
    text: `Attempt ${attemptsMade + 1} of ${attemptsMax} is due then${reasonSuffix}.`,
    until: nextAttemptAt,
    remedy: null,
  }
}

function isDue({ nextAttemptAt }: WaitingDelivery, { now }: WaitContext): boolean {
  return nextAttemptAt === null || nextAttemptAt <= now
}

/** What keeps it from being delivered, now or when it is due. */
function* blockingReasons(delivery: WaitingDelivery, context: WaitContext): Generator<WaitReason> {
  yield* receiverReasons(delivery, context)
  if (delivery.workers === 0)
    yield {
      code: 'no_worker',
      text: 'No worker has been seen for 20 s.',
      until: null,
      remedy: 'Start a worker, or look why it cannot reach the database.',
    }
  if (!context.isQueueUp)
    yield {
      code: 'queue_down',
      text: 'The queue does not answer; the delivery is safe and goes on when it is back.',
      until: null,
      remedy: 'Bring the queue’s store back.',
    }
  if (context.isQueued === false && isDue(delivery, context))
    yield {
      code: 'not_queued',
      text: 'The queue does not have it, as when it has lost its data; the sweeper puts it back by itself.',
      until: delivery.sweepAt,
      remedy: null,
    }
}

function* receiverReasons(delivery: WaitingDelivery, context: WaitContext): Generator<WaitReason> {
  if (context.breaker === 'open')
    yield {
      code: 'breaker_open',
      text: 'Its receiver keeps failing and is left alone; waiting spends no attempt.',
      until: context.breakerOpenUntil,
      remedy: 'See what the receiver’s last answers say; one request is tried when the time is over.',
    }
  if (context.throttledUntil !== null && context.throttledUntil > context.now)
    yield {
      code: 'throttled',
      text: 'Its receiver has asked for fewer requests, or its rate limit is used up.',
      until: context.throttledUntil,
      remedy: null,
    }
  // A receiver whose breaker is open has no room at all, which is told already.
  if (context.concurrencyNow > 0 && context.inFlight >= context.concurrencyNow && isDue(delivery, context))
    yield {
      code: 'receiver_full',
      text: `Its receiver has all ${context.concurrencyNow} requests it is sent at once at present; it goes as one of them ends.`,
      until: null,
      remedy: null,
    }
}

function behindOthers({ waitingInLane, lane }: WaitContext): WaitReason {
  const ahead = waitingInLane === null ? 'Others' : `${waitingInLane} deliveries`
  return {
    code: 'behind_others',
    text: `It is due, and its turn comes: ${ahead} wait in the ${lane} lane.`,
    until: null,
    remedy: null,
  }
}
