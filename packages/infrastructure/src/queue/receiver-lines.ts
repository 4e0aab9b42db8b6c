import type { ParkReason } from '@ghostpost/delivery/deliver'
import type { ConsumeResult } from './delivery-queue.ts'

/** What a job gets when its turn comes: it asks its receiver's budget, or it is put aside in the queue. */
export type Turn = AskTurn | ParkTurn

export interface AskTurn {
  kind: 'ask'
  /** Asks whether the receiver takes more than the requests that ended. */
  isProbe: boolean
  isAdmitted: boolean
}

interface ParkTurn {
  kind: 'park'
  waitMs: number
  because: ParkReason
}

type Refusal = Extract<ConsumeResult, { kind: 'again' }>

/**
 * Jobs that wait for their receiver in this process. A receiver's budget is asked as rarely as possible: once for each
 * request that ended, and now and then whether the receiver takes more. A job waits here, without a command to the
 * queue's store, if its turn comes soon. Otherwise it is put aside until about its turn.
 */
export interface ReceiverLines {
  /**
   * Resolves when it is the job's turn; at once unless others wait for the same receiver.
   * @param isRefused the budget has refused this job: it waits in front of the others
   */
  turnOf: (budget: string, isRefused?: boolean) => Promise<Turn>
  /** The budget admitted the job that got this turn. */
  admitted: (budget: string, turn: AskTurn) => void
  /** The budget refused the job. */
  refused: (budget: string, refusal: Refusal) => void
  /** The job that got this turn ended, admitted or not. */
  ended: (budget: string, turn: AskTurn) => void
  /** All jobs that wait are put aside. */
  release: () => void
  /** Releases all jobs, also later ones. */
  stop: () => void
}

/** A job whose turn comes later than this, or did not come, is put aside; milliseconds. */
const holdMaxMs = 10_000
/**
 * How long a job is put aside at most; milliseconds. The limit of a rate is known, so a job sleeps until its turn. The
 * measured time of requests is known, too, but the receiver may become faster. That of a receiver that ends no request
 * any more is only an estimate, which grows until it recovers.
 */
const parkedMaxMs = { limited: 600_000, measured: 60_000, stalled: 5_000 } as const
/** How often a line is inspected whose turns do not come, in milliseconds. */
const inspectEveryMs = 250
/** A receiver that has not ended a request for this long is slow, whatever it was before; milliseconds. */
const stalledAfterMs = 1_000

interface Line {
  waiting: Waiter[]
  /** The latest reason of a refusal, and when the budget may be asked again without an ended request. */
  because: ParkReason
  askAgainAt: number
  /** When the budget is asked next whether it takes more. */
  probeAt: number
  /** The turn of the last job that was put aside. */
  parkedUntil: number
  /** The time between two requests that the receiver can take, as its budget knows it. */
  everyMs: number
  /** When a request ended, the first one began, or the first job was refused. */
  movedAt: number
  /** When the budget refused a job last. */
  refusedAt: number
  timer: NodeJS.Timeout | undefined
}

interface Waiter {
  since: number
  resolve: (turn: Turn) => void
}

export function openReceiverLines(now: () => number = () => performance.now()): ReceiverLines {
  return new Lines(now)
}

class Lines implements ReceiverLines {
  readonly #now: () => number
  readonly #lines = new Map<string, Line>()
  /** Admitted jobs that have not ended. */
  readonly #inFlight = new Map<string, number>()
  #isStopped = false

  constructor(now: () => number) {
    this.#now = now
  }

  async turnOf(budget: string, isRefused = false): Promise<Turn> {
    const line = this.#lines.get(budget)
    if (!line) return askTurn(false)
    // A job that comes before the breaker lets one through: a person may have closed it.
    if (!isRefused && line.because === 'breaker_open' && this.#roomOf(budget, line) === 0)
      return askTurn(true)
    if (this.#isStopped || line.waiting.length >= this.#roomOf(budget, line))
      return this.#park(budget, line, line.waiting.length)
    return new Promise((resolve) => {
      const waiter = { since: this.#now(), resolve }
      if (isRefused) line.waiting.unshift(waiter)
      else line.waiting.push(waiter)
      this.#schedule(budget, line)
    })
  }

  admitted(budget: string, turn: AskTurn): void {
    turn.isAdmitted = true
    const inFlight = this.#inFlight.get(budget) ?? 0
    this.#inFlight.set(budget, inFlight + 1)
    const line = this.#lines.get(budget)
    if (line && inFlight === 0) line.movedAt = this.#now()
    if (!line || !turn.isProbe) return
    // The receiver takes more than the requests that ended. A rate is asked for one request after another.
    giveTurns(line, line.because === 'concurrency_full' ? 2 : 1, true)
    this.#schedule(budget, line)
  }

  refused(budget: string, { waitMs, because, everyMs = 0 }: Refusal): void {
    const now = this.#now()
    const line = this.#lines.get(budget) ?? newLine(now)
    this.#lines.set(budget, line)
    const askAt = now + waitMs
    // Of several jobs that were refused at the same time, the first may ask first.
    line.askAgainAt = line.askAgainAt > now ? Math.min(line.askAgainAt, askAt) : askAt
    line.because = because
    line.everyMs = everyMs
    line.refusedAt = now
    this.#schedule(budget, line)
  }

  ended(budget: string, turn: AskTurn): void {
    if (!turn.isAdmitted) return
    const left = (this.#inFlight.get(budget) ?? 1) - 1
    if (left > 0) this.#inFlight.set(budget, left)
    else this.#inFlight.delete(budget)
    const line = this.#lines.get(budget)
    if (!line) return
    line.movedAt = this.#now()
    if (line.because === 'concurrency_full') giveTurns(line, 1, false)
  }

  stop(): void {
    this.#isStopped = true
    this.release()
  }

  release(): void {
    for (const line of this.#lines.values()) {
      clearTimeout(line.timer)
      for (const { resolve } of line.waiting.splice(0)) resolve(putAside(1, line.because))
    }
    this.#lines.clear()
  }

  /**
   * The receiver ends no request any more. A process without a request in flight cannot see it, and one that does not
   * ask, because it waits for the database, cannot know it.
   */
  #isStalled(budget: string, { everyMs, movedAt, refusedAt }: Line): boolean {
    const now = this.#now()
    const isRefusing = now - refusedAt <= stalledAfterMs
    return now - movedAt > stalledAfterMs && isRefusing && (this.#inFlight.has(budget) || everyMs === 0)
  }

  /** The time between two turns. */
  #everyMs(budget: string, line: Line): number {
    return this.#isStalled(budget, line) ? Math.max(line.everyMs, this.#now() - line.movedAt) : line.everyMs
  }

  /** How many jobs may wait: their turns come in time. */
  #roomOf(budget: string, line: Line): number {
    if (line.askAgainAt - this.#now() > holdMaxMs) return 0
    return Math.floor(holdMaxMs / Math.max(this.#everyMs(budget, line), 0.1))
  }

  #park(budget: string, line: Line, ahead: number): Turn {
    const now = this.#now()
    const everyMs = this.#everyMs(budget, line)
    const latest = Math.max(now + this.#parkedMaxMs(budget, line), line.askAgainAt)
    const turnAt = Math.min(Math.max(now + ahead * everyMs, line.askAgainAt, line.parkedUntil), latest)
    line.parkedUntil = Math.min(turnAt + everyMs, latest)
    return putAside(turnAt - now, line.because)
  }

  #parkedMaxMs(budget: string, line: Line): number {
    if (this.#isStalled(budget, line)) return parkedMaxMs.stalled
    return line.because === 'concurrency_full' ? parkedMaxMs.measured : parkedMaxMs.limited
  }

  #schedule(budget: string, line: Line): void {
    clearTimeout(line.timer)
    const now = this.#now()
    if (this.#isStopped || (line.waiting.length === 0 && line.askAgainAt <= now)) {
      this.#lines.delete(budget)
      return
    }
    const waitMs = Math.max(Math.max(line.askAgainAt, line.probeAt) - now, 1)
    const timerMs = line.waiting.length === 0 ? waitMs : Math.min(waitMs, inspectEveryMs)
    line.timer = setTimeout(() => this.#inspect(budget, line), timerMs)
  }

  #inspect(budget: string, line: Line): void {
    const now = this.#now()
    const room = this.#roomOf(budget, line)
    for (const [index, { resolve }] of line.waiting.splice(room).entries())
      resolve(this.#park(budget, line, room + index))
    // Another process may take the receiver's slots all the time. It can have these jobs, too.
    while ((line.waiting[0]?.since ?? now) < now - holdMaxMs)
      line.waiting.shift()?.resolve(putAside(1, line.because))
    if (line.askAgainAt <= now && line.probeAt <= now) {
      line.probeAt = now + inspectEveryMs
      giveTurns(line, 1, true)
    }
    this.#schedule(budget, line)
  }
}

function askTurn(isProbe: boolean): AskTurn {
  return { kind: 'ask', isProbe, isAdmitted: false }
}

function putAside(waitMs: number, because: ParkReason): ParkTurn {
  return { kind: 'park', waitMs: Math.max(Math.ceil(waitMs), 1), because }
}

function giveTurns(line: Line, count: number, isProbe: boolean): void {
  for (const { resolve } of line.waiting.splice(0, count)) resolve(askTurn(isProbe))
}

function newLine(now: number): Line {
  return {
    waiting: [],
    because: 'concurrency_full',
    askAgainAt: 0,
    probeAt: 0,
    parkedUntil: 0,
    everyMs: 0,
    movedAt: now,
    refusedAt: now,
    timer: undefined,
  }
}
