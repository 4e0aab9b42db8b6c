import type { DeliveryJob, DueDelivery } from '@ghostpost/delivery/deliver'
import { StoreLost, times, type Life, type World } from '../processes/index.ts'

interface Job extends DeliveryJob {
  id: string
  dueAtMs: number
  /** `nowhere`: the queue knows the job and has lost the list that names it. */
  place: 'waiting' | 'active' | 'nowhere'
  owner: Life | null
  /** Another worker gets an active job after this. */
  lockedUntilMs: number
}

/** A worker that takes jobs. */
interface Taker {
  life: Life
  slots: number
  handle: (job: DeliveryJob) => Promise<void>
}

/** The queue, which outlives all processes. It may lose everything: the database is the truth. */
export interface MemoryQueue {
  /** False when the queue did not take the job. */
  enqueue: (due: DueDelivery, options: { delayMs?: number; overdue?: boolean }) => boolean
  /** A worker takes jobs until its life ends or it is asked to stop. */
  consume: (life: Life, slots: number, handle: (job: DeliveryJob) => Promise<void>) => void
  /** Ends a job of this worker. */
  finish: (job: DeliveryJob, life: Life) => void
  /** Puts a job of this worker back. */
  again: (job: DeliveryJob, life: Life, waitMs: number) => void
  /** How many jobs the worker has. */
  activeOf: (life: Life) => number
}

const lockMs = 5_000

export function openMemoryQueue(world: World): MemoryQueue {
  const { scheduler, choices, hasBug } = world
  const jobs = new Map<string, Job>()
  const active = new Map<Life, Set<Job>>()
  let takers: Taker[] = []
  let downUntilMs = 0

  const isTakeable = (job: Job): boolean => job.place === 'waiting' && job.dueAtMs <= scheduler.nowMs()
  const dispatch = (): void => {
    if (downUntilMs > scheduler.nowMs()) return
    for (const job of jobs.values()) {
      if (!isTakeable(job)) continue
      const free = takers.filter(({ life, slots }) => !life.isFrozen() && activeOf(life) < slots)
      if (free.length === 0) return
      start(job, choices.pick(`taker ${job.id} ${scheduler.nowMs()}`, free))
    }
  }
  const dispatchAt = (timeMs: number): void => scheduler.at(timeMs, dispatch)
  const start = (job: Job, { life, handle }: Taker): void => {
    Object.assign(job, { place: 'active', owner: life, lockedUntilMs: scheduler.nowMs() + lockMs })
    const own = active.get(life)
    if (own) own.add(job)
    else active.set(life, new Set([job]))
    const { deliveryId, budget } = job
    void life
      .call('take', deliveryId, () => undefined)
      .then(
        () => handle({ deliveryId, budget }),
        () => again({ deliveryId, budget }, life, times.restart),
      )
  }
  const activeOf = (life: Life): number => active.get(life)?.size ?? 0
  /** Takes an active job from its owner; undefined when it is no longer this worker's. */
  const takeBack = ({ deliveryId }: DeliveryJob, life: Life): Job | undefined => {
    const own = active.get(life)
    const job = own && [...own].find((one) => one.deliveryId === deliveryId)
    if (job) own?.delete(job)
    return job
  }
  const again = (job: DeliveryJob, life: Life, waitMs: number): void => {
    const own = takeBack(job, life)
    if (!own) return
    Object.assign(own, { place: 'waiting', owner: null, dueAtMs: scheduler.nowMs() + waitMs })
    dispatchAt(own.dueAtMs)
  }
  const checkStalled = (): void => {
    const nowMs = scheduler.nowMs()
    for (const job of jobs.values()) {
      if (job.place !== 'active') continue
      const isHealthy = job.owner?.isAlive() === true && !job.owner.isFrozen()
      if (isHealthy) job.lockedUntilMs = nowMs + lockMs
      else if (job.lockedUntilMs < nowMs && job.owner) {
        active.get(job.owner)?.delete(job)
        Object.assign(job, { place: 'waiting', owner: null })
      }
    }
    dispatch()
    scheduler.at(nowMs + lockMs, checkStalled)
  }
  scheduler.at(scheduler.nowMs() + lockMs, checkStalled)
  world.disturbQueue = (kind) => {
    if (kind === 'queue_down') {
      downUntilMs = scheduler.nowMs() + times.queueDown
      dispatchAt(downUntilMs)
    } else if (kind === 'queue_flushed') {
      jobs.clear()
      active.clear()
    } else {
      for (const job of jobs.values()) if (job.place === 'waiting') job.place = 'nowhere'
    }
  }
  return {
    enqueue: (due, { delayMs = 0, overdue = false }) => {
      if (downUntilMs > scheduler.nowMs()) throw new StoreLost('queue')
      const id = `${due.deliveryId}-${due.attemptsMade}`
      const dueAtMs = scheduler.nowMs() + delayMs
      const known = jobs.get(id)
      if (!known) {
        const { deliveryId, budget } = due
        jobs.set(id, { id, deliveryId, budget, dueAtMs, place: 'waiting', owner: null, lockedUntilMs: 0 })
      } else if (overdue) {
        known.dueAtMs = Math.min(known.dueAtMs, dueAtMs)
        if (known.place === 'nowhere' && !hasBug('enqueue-trusts-known-job')) known.place = 'waiting'
      }
      dispatchAt(dueAtMs)
      return true
    },
    consume: (life, slots, handle) => {
      takers.push({ life, slots, handle })
      const leave = (): void => void (takers = takers.filter((one) => one.life !== life))
      life.onEnd(leave)
      life.onStop(leave)
      dispatchAt(scheduler.nowMs())
    },
    finish: (job, life) => {
      const own = takeBack(job, life)
      if (own) jobs.delete(own.id)
      dispatchAt(scheduler.nowMs())
    },
    again,
    activeOf,
  }
}
