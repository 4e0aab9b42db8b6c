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
  return new WorkingQueue(world)
}

class WorkingQueue implements MemoryQueue {
  readonly #world: World
  readonly #jobs = new Map<string, Job>()
  readonly #active = new Map<Life, Set<Job>>()
  #takers: Taker[] = []
  #downUntilMs = 0

  constructor(world: World) {
    this.#world = world
    const { scheduler } = world
    scheduler.at(scheduler.nowMs() + lockMs, () => this.#checkStalled())
    world.disturbQueue = (kind) => this.#disturb(kind)
  }

  enqueue(...[due, { delayMs = 0, overdue = false }]: Parameters<MemoryQueue['enqueue']>): boolean {
    const { scheduler, hasBug } = this.#world
    if (this.#downUntilMs > scheduler.nowMs()) throw new StoreLost('queue')
    const id = `${due.deliveryId}-${due.attemptsMade}`
    const dueAtMs = scheduler.nowMs() + delayMs
    const known = this.#jobs.get(id)
    if (!known) {
      const { deliveryId, budget } = due
      this.#jobs.set(id, { id, deliveryId, budget, dueAtMs, place: 'waiting', owner: null, lockedUntilMs: 0 })
    } else if (overdue) {
      known.dueAtMs = Math.min(known.dueAtMs, dueAtMs)
      if (known.place === 'nowhere' && !hasBug('enqueue-trusts-known-job')) known.place = 'waiting'
    }
    this.#dispatchAt(dueAtMs)
    return true
  }

  consume(life: Life, slots: number, handle: Taker['handle']): void {
    this.#takers.push({ life, slots, handle })
    const leave = (): void => void (this.#takers = this.#takers.filter((one) => one.life !== life))
    life.onEnd(leave)
    life.onStop(leave)
    this.#dispatchAt(this.#world.scheduler.nowMs())
  }

  finish(job: DeliveryJob, life: Life): void {
    const own = this.#takeBack(job, life)
    if (own) this.#jobs.delete(own.id)
    this.#dispatchAt(this.#world.scheduler.nowMs())
  }

  again(job: DeliveryJob, life: Life, waitMs: number): void {
    const own = this.#takeBack(job, life)
    if (!own) return
    Object.assign(own, {
      place: 'waiting',
      owner: null,
      dueAtMs: this.#world.scheduler.nowMs() + waitMs,
    })
    this.#dispatchAt(own.dueAtMs)
  }

  activeOf(life: Life): number {
    return this.#active.get(life)?.size ?? 0
  }

  #dispatchAt(timeMs: number): void {
    this.#world.scheduler.at(timeMs, () => this.#dispatch())
  }

  #dispatch(): void {
    const { scheduler, choices } = this.#world
    const nowMs = scheduler.nowMs()
    if (this.#downUntilMs > nowMs) return
    for (const job of this.#jobs.values()) {
      if (job.place !== 'waiting' || job.dueAtMs > nowMs) continue
      const free = this.#takers.filter(({ life, slots }) => !life.isFrozen() && this.activeOf(life) < slots)
      if (free.length === 0) return
      this.#start(job, choices.pick(`taker ${job.id} ${nowMs}`, free))
    }
  }

  #start(job: Job, { life, handle }: Taker): void {
    Object.assign(job, {
      place: 'active',
      owner: life,
      lockedUntilMs: this.#world.scheduler.nowMs() + lockMs,
    })
    const own = this.#active.get(life)
    if (own) own.add(job)
    else this.#active.set(life, new Set([job]))
    const { deliveryId, budget } = job
    void life
      .call('take', deliveryId, () => undefined)
      .then(
        () => handle({ deliveryId, budget }),
        () => this.again({ deliveryId, budget }, life, times.restart),
      )
  }

  /** Takes an active job from its owner; undefined when it is no longer this worker's. */
  #takeBack({ deliveryId }: DeliveryJob, life: Life): Job | undefined {
    const own = this.#active.get(life)
    const job = own && [...own].find((one) => one.deliveryId === deliveryId)
    if (job) own?.delete(job)
    return job
  }

  #checkStalled(): void {
    const { scheduler } = this.#world
    const nowMs = scheduler.nowMs()
    for (const job of this.#jobs.values()) {
      if (job.place !== 'active') continue
      const isHealthy = job.owner?.isAlive() === true && !job.owner.isFrozen()
      if (isHealthy) job.lockedUntilMs = nowMs + lockMs
      else if (job.lockedUntilMs < nowMs && job.owner) {
        this.#active.get(job.owner)?.delete(job)
        Object.assign(job, { place: 'waiting', owner: null })
      }
    }
    this.#dispatch()
    scheduler.at(nowMs + lockMs, () => this.#checkStalled())
  }

  #disturb(kind: Parameters<World['disturbQueue']>[0]): void {
    if (kind === 'queue_down') {
      this.#downUntilMs = this.#world.scheduler.nowMs() + times.queueDown
      this.#dispatchAt(this.#downUntilMs)
    } else if (kind === 'queue_flushed') {
      this.#jobs.clear()
      this.#active.clear()
    } else {
      for (const job of this.#jobs.values()) if (job.place === 'waiting') job.place = 'nowhere'
    }
  }
}
