import { openEventHeap } from './event-heap.ts'

/** Runs events in the order of their virtual times. No real time passes. */
export interface Scheduler {
  /** The virtual time, in milliseconds. */
  nowMs: () => number
  /** Runs an event at a virtual time; now, if that time is over. */
  at: (timeMs: number, run: () => void) => void
  /**
   * Runs events until `isOver` or until the virtual time exceeds `untilMs`. After each event all code that it has woken
   * runs until it waits again.
   */
  run: (isOver: () => boolean, untilMs: number) => Promise<void>
}

/** The event loop gets control after so many events, so that a long run can be stopped. */
const eventsPerTurn = 4_096

export function openScheduler(startMs: number): Scheduler {
  const heap = openEventHeap()
  let nowMs = startMs
  let order = 0
  let events = 0
  const runNext = (isOver: () => boolean, untilMs: number): boolean => {
    const next = heap.peek()
    if (next === undefined || next.timeMs > untilMs || isOver()) return false
    heap.pop()
    nowMs = next.timeMs
    next.run()
    return true
  }
  return {
    nowMs: () => nowMs,
    at: (timeMs, run) => {
      order += 1
      heap.push({ timeMs: Math.max(timeMs, nowMs), order, run })
    },
    run: (isOver, untilMs) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const step = (): void => {
        try {
          if (!runNext(isOver, untilMs)) return resolve()
          events += 1
          if (events % eventsPerTurn === 0) setImmediate(step)
          else afterMicrotasks(step)
        } catch (error) {
          reject(error)
        }
      }
      step()
      return promise
    },
  }
}

/** A tick that a microtask asks for runs when no microtask is left: when all code that the event woke waits again. */
function afterMicrotasks(step: () => void): void {
  queueMicrotask(() => process.nextTick(step))
}
