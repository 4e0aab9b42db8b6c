import type { FairSlots } from './fair-slots.ts'

/** Runs work with bounded concurrency. Work that waits is taken from one holder after another, in turn. */
export interface FairQueue {
  /**
   * Runs `work` when a slot is free and it is the holder's turn.
   * Resolves to null, without running `work`, when too much work of this holder waits already.
   */
  run: <T>(holder: string, work: (whileIdle: WhileIdle) => Promise<T>) => Promise<{ value: T } | null>
  /** The work that runs now, without the idle one. */
  running: () => number
  /** The work that waits for its turn; that of one holder where one is given. */
  waiting: (holder?: string) => number
}

/** Runs a part of some work during which it only waits, for example for a response. Other work may run meanwhile. */
export type WhileIdle = <T>(wait: () => Promise<T>) => Promise<T>

export interface FairQueueLimits {
  /** Most work that runs at once. Work that ends its idle part continues at once, so there may be a little more. */
  concurrency: number
  /** Most work of one holder that runs at once; `concurrency` unless given. */
  perHolder?: number
  /** Most work of one holder that waits. */
  waitingPerHolder: number
  /** Most work of all holders that waits. */
  waitingMax: number
  /** Work keeps one of these slots from its start to its end, idle parts included. */
  slots?: FairSlots
}

interface HolderQueue {
  running: number
  /** Runs or is idle. */
  started: number
  waiting: ((release: () => void) => void)[]
}

export function openFairQueue(limits: FairQueueLimits): FairQueue {
  return new TurnQueue(limits)
}

class TurnQueue implements FairQueue {
  readonly #limits: FairQueueLimits
  /** In the order of their turns: a holder moves to the end when its work starts and when it ends. */
  readonly #holders = new Map<string, HolderQueue>()
  #running = 0
  #waiting = 0

  constructor(limits: FairQueueLimits) {
    this.#limits = limits
  }

  running(): number {
    return this.#running
  }

  waiting(holder?: string): number {
    return holder === undefined ? this.#waiting : (this.#holders.get(holder)?.waiting.length ?? 0)
  }

  async run<T>(holder: string, work: (whileIdle: WhileIdle) => Promise<T>): Promise<{ value: T } | null> {
    const state = this.#holders.get(holder) ?? { running: 0, started: 0, waiting: [] }
    const release = this.#tryStart(holder, state) ?? (await this.#waitForTurn(holder, state))
    if (!release) return null
    try {
      return { value: await work((wait) => this.#whileIdle(state, wait)) }
    } finally {
      this.#count(state, -1)
      state.started -= 1
      release()
      if (state.started > 0 || state.waiting.length > 0) this.#moveToEnd(holder, state)
      else this.#holders.delete(holder)
      this.#startWaiting()
    }
  }

  /** Returns the function that frees the holder's slot; null when the work has to wait. */
  #tryStart(holder: string, state: HolderQueue): (() => void) | null {
    const { concurrency, perHolder = concurrency, slots } = this.#limits
    if (this.#running >= concurrency || state.running >= perHolder) return null
    const release = slots ? slots.tryAcquire(holder) : noSlot
    if (!release) return null
    this.#count(state, 1)
    state.started += 1
    this.#moveToEnd(holder, state)
    return release
  }

  async #waitForTurn(holder: string, state: HolderQueue): Promise<(() => void) | null> {
    const { waitingPerHolder, waitingMax } = this.#limits
    if (state.waiting.length >= waitingPerHolder || this.#waiting >= waitingMax) return null
    this.#waiting += 1
    if (!this.#holders.has(holder)) this.#holders.set(holder, state)
    return new Promise((resolve) => void state.waiting.push(resolve))
  }

  async #whileIdle<T>(state: HolderQueue, wait: () => Promise<T>): Promise<T> {
    this.#count(state, -1)
    this.#startWaiting()
    try {
      return await wait()
    } finally {
      this.#count(state, 1)
    }
  }

  #startWaiting(): void {
    while (this.#waiting > 0 && this.#startNext());
  }

  /** Returns whether some waiting work could start. */
  #startNext(): boolean {
    if (this.#running >= this.#limits.concurrency) return false
    for (const [holder, state] of this.#holders) {
      if (state.waiting.length === 0) continue
      const release = this.#tryStart(holder, state)
      if (!release) continue
      this.#waiting -= 1
      state.waiting.shift()?.(release)
      return true
    }
    return false
  }

  #count(state: HolderQueue, by: 1 | -1): void {
    this.#running += by
    state.running += by
  }

  #moveToEnd(holder: string, state: HolderQueue): void {
    this.#holders.delete(holder)
    this.#holders.set(holder, state)
  }
}

function noSlot(): void {}
