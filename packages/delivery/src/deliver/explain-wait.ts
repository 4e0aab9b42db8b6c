import { isFinished, type DeliveryState, type Lane } from './delivery.ts'
import type { RetryReason } from './ports.ts'
import type { DestinationState } from '../destinations/saved-destination.ts'
import type { BudgetWaitReason } from '../receivers/receiver-budget.ts'

/** The facts about a waiting delivery. */
export interface WaitingDelivery {
  state: DeliveryState
  /** In the current series of attempts. */
  attemptsMade: number
  /** The length of its retry schedule. */
  attemptsMax: number
  nextAttemptAt: Date | null
  /** Null when unknown. */
  nextAttemptBecause: RetryReason | null
  /** When the sweeper checks whether the queue lost it. */
  sweepAt: Date | null
  claimExpiresAt: Date | null
  /** Its saved destination; null for a single URL. */
  destination: { state: DestinationState; reason: string | null } | null
  /** The operation of which it is a member; null for none. */
  operation: { state: string; reason: string | null } | null
  /** Number of workers with a recent heartbeat. */
  workers: number
}

/** Why a worker put a job aside: its receiver or its site cannot take it, or its delivery is not due. */
export type ParkReason = BudgetWaitReason | 'site_share' | 'not_due'

/**
 * Where the queue has a job. `lost`: no worker will take it. `delayed`: until the attempt is due. `parked`: a worker
 * put it aside until then.
 */
export type JobPlace =
  | { kind: 'running' | 'waiting' | 'delayed' | 'lost' }
  | { kind: 'parked'; until: Date; because: ParkReason }

/** The state of everything that a delivery may wait for. */
export interface WaitContext {
  now: Date
  /** The installation is held: it sends nothing. */
  isHeld: boolean
  lane: Lane
  /** The reason why its lane is paused; null when it is not paused. */
  lanePauseReason: string | null
  breaker: 'closed' | 'open' | 'half_open'
  breakerOpenUntil: Date | null
  /** Until when the receiver asked for no requests; null when it did not. */
  throttledUntil: Date | null
  /** Requests in flight to the receiver. */
  inFlight: number
  /** How many requests may be in flight now; 0 while the breaker is open. */
  concurrencyNow: number
  isQueueUp: boolean
  /** The state of the queue's store, as `/readyz` reports it; absent when unknown. */
  queueCheck?: string
  /** Where the queue has its job; null when the queue did not respond. */
  job: JobPlace | null
  /** Deliveries of all sites that wait in the same lane; null when unknown, or not for the caller to know. */
  waitingInLane: number | null
}

export const waitReasonCodes = [
  'held',
  'destination_paused',
  'destination_disabled',
  'operation_paused',
  'lane_paused',
  'breaker_open',
  'throttled',
  'waiting_for_retry',
  'being_delivered',
  'receiver_full',
  'site_share',
  'not_queued',
  'behind_others',
  'no_worker',
  'queue_down',
  'finished',
] as const

type WaitReasonCode = (typeof waitReasonCodes)[number]

export interface WaitReason {
  code: WaitReasonCode
  text: string
  until: Date | null
  remedy: string | null
}

/** Explains why a delivery waits. The decisive reason is first; there is always at least one. */
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
  if (state === 'delivered') return { code: 'finished', text: 'It was delivered.', until: null, remedy: null }
  const text =
    state === 'failed' ? 'It failed for good; its last error gives the cause.' : 'It was cancelled.'
  return { code: 'finished', text, until: null, remedy: 'Resend it, or re-export it with fresh data.' }
}

function beingDelivered({ claimExpiresAt }: WaitingDelivery, { now }: WaitContext): WaitReason {
  const isLate = claimExpiresAt !== null && claimExpiresAt <= now
  const text = isLate
    ? 'The worker that was delivering it stopped responding; another worker takes over.'
    : 'A worker is delivering it right now.'
  return { code: 'being_delivered', text, until: claimExpiresAt, remedy: null }
}

/** Pauses, which a person has to end. */
function* pauseReasons(
  { destination, operation }: WaitingDelivery,
  { isHeld, lane, lanePauseReason }: WaitContext,
): Generator<WaitReason> {
  if (isHeld)
    yield {
      code: 'held',
      text: 'The installation is held: it sends nothing.',
      until: null,
      remedy: 'Remove GHOSTPOST_HOLD from the settings of all processes, and restart them.',
    }
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
      text: `The ${lane} lane is paused${reasonSuffix(lanePauseReason)}`,
      until: null,
      remedy: 'Resume the lane.',
    }
}

function reasonSuffix(reason: string | null): string {
  return reason === null ? '.' : `: ${reason}`
}

function* retryReasons(delivery: WaitingDelivery, context: WaitContext): Generator<WaitReason> {
  if (isDue(delivery, context)) return
  const { attemptsMade, attemptsMax, nextAttemptBecause, nextAttemptAt } = delivery
  const reasonTexts = {
    schedule: 'the retry schedule sets this wait',
    receiver_asked: 'the receiver asked for this wait (Retry-After)',
  }
  const reasonSuffix = nextAttemptBecause === null ? '' : `: ${reasonTexts[nextAttemptBecause]}`
  yield {
    code: 'waiting_for_retry',
    text: `Attempt ${attemptsMade + 1} of ${attemptsMax} is scheduled${reasonSuffix}.`,
    until: nextAttemptAt,
    remedy: null,
  }
}

function isDue({ nextAttemptAt }: WaitingDelivery, { now }: WaitContext): boolean {
  return nextAttemptAt === null || nextAttemptAt <= now
}

/** Obstacles to the next attempt, whether it is due now or later. */
function* blockingReasons(delivery: WaitingDelivery, context: WaitContext): Generator<WaitReason> {
  yield* receiverReasons(delivery, context)
  if (delivery.workers === 0)
    yield {
      code: 'no_worker',
      text: 'No worker has been seen for 20 s.',
      until: null,
      remedy: 'Start a worker, or check why the workers cannot reach the database.',
    }
  if (!context.isQueueUp) yield queueDown(context)
  if (!isDue(delivery, context)) return
  if (context.job?.kind === 'parked' && context.job.because === 'site_share')
    yield {
      code: 'site_share',
      text: 'Its site uses its share of the attempts in flight. This is sent when others of its site have ended.',
      until: context.job.until,
      remedy: null,
    }
  if (context.job?.kind === 'lost') yield lostJob(delivery)
}

function lostJob({ sweepAt }: WaitingDelivery): WaitReason {
  const when = sweepAt === null ? '' : ` at ${sweepAt.toISOString()}`
  return {
    code: 'not_queued',
    text: `The queue lost it. The sweeper enqueues it again${when}.`,
    until: sweepAt,
    remedy: null,
  }
}

/** What is wrong with the queue, and the remedy; otherwise it does not respond. */
const queueProblems: Readonly<Record<string, readonly [problem: string, remedy: string]>> = {
  full: ['is full and accepts no jobs', 'Give the queue’s store more memory.'],
  read_only: ['is read-only', 'Check whether the queue’s store is a replica, and whether its disk is full.'],
  forbidden: [
    'refuses Ghostpost’s user, or a command that the queue needs',
    'Give the user of QUEUE_URL the rights that docs/operations.md lists.',
  ],
}

function queueDown({ queueCheck = 'down' }: WaitContext): WaitReason {
  const [problem, remedy] = queueProblems[queueCheck] ?? ['does not respond', 'Restore the queue’s store.']
  return {
    code: 'queue_down',
    text: `The queue ${problem}. The delivery is stored and continues when the queue works again.`,
    until: null,
    remedy,
  }
}

function* receiverReasons(delivery: WaitingDelivery, context: WaitContext): Generator<WaitReason> {
  if (context.breaker === 'open')
    yield {
      code: 'breaker_open',
      text: 'Its receiver keeps failing, so no requests are sent for a while. Waiting spends no attempt.',
      until: context.breakerOpenUntil,
      remedy:
        'Check the receiver’s last responses. When the time is over, one request is tried. ' +
        'If you have repaired the receiver, close the breaker: then its deliveries are tried at once.',
    }
  if (context.throttledUntil !== null && context.throttledUntil > context.now)
    yield {
      code: 'throttled',
      text: 'Its receiver asked for fewer requests, or its rate limit is reached.',
      until: context.throttledUntil,
      remedy: null,
    }
  // While the breaker is open `concurrencyNow` is 0, and `breaker_open` is already reported.
  if (context.concurrencyNow > 0 && context.inFlight >= context.concurrencyNow && isDue(delivery, context))
    yield {
      code: 'receiver_full',
      text:
        `Its receiver is at its limit of ${context.concurrencyNow} concurrent requests. ` +
        'This is sent when one finishes.',
      until: null,
      remedy: null,
    }
}

function behindOthers({ waitingInLane, lane }: WaitContext): WaitReason {
  const ahead = waitingInLane === null ? 'other deliveries' : `${waitingInLane} deliveries`
  return {
    code: 'behind_others',
    text: `It is due and waits for its turn: ${ahead} wait in the ${lane} lane.`,
    until: null,
    remedy: null,
  }
}
