import { setTimeout as pause } from 'node:timers/promises'
import { passingFaultOf, type Database } from '@ghostpost/infrastructure/database/connection'
import { warnThrottled } from '@ghostpost/infrastructure/queue'
import type { Logger } from '@ghostpost/infrastructure/telemetry'

/** Pauses the worker while the database cannot run statements, so that it does not take and fail every job. */
export interface DatabaseGate {
  /** Resolves at once while the database is available, else when it is back or the worker stops. */
  waitUntilOpen: () => Promise<void>
  /**
   * Closes the gate if the error means that the database may run the statement later: it is unavailable, it cancelled
   * the statement, or no connection became free. Returns whether it does.
   */
  closeOn: (error: unknown) => boolean
}

const probeMinMs = 250
const probeMaxMs = 10_000

/** A single probe with exponential back-off is shared by all waiting work. */
export function openDatabaseGate(
  database: Pick<Database, 'check' | 'reportError'>,
  log: Logger,
  stop: AbortSignal,
): DatabaseGate {
  const warn = {
    unavailable: warnThrottled(log, 'the database is unavailable; deliveries wait until it is back'),
    contended: warnThrottled(log, 'the database cancelled a statement; its deliveries are tried again'),
    no_connection: warnThrottled(log, 'no database connection became free; deliveries are tried again'),
  }
  let closed: Promise<void> | null = null
  const probeUntilBack = async (): Promise<void> => {
    let tries = 0
    do {
      await wait(Math.min(probeMinMs * 2 ** tries, probeMaxMs), stop)
      tries += 1
    } while (!stop.aborted && (await database.check()) !== 'ok')
    closed = null
    if (!stop.aborted) log.info({ event: 'database_back' }, 'the database is available; deliveries continue')
  }
  return {
    waitUntilOpen: async () => closed ?? undefined,
    closeOn: (error) => {
      const fault = passingFaultOf(error)
      if (fault === null) return false
      database.reportError(error)
      warn[fault](error)
      closed ??= probeUntilBack()
      return true
    },
  }
}

/** The jitter spreads the probes of many workers. */
async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms * (0.75 + Math.random() / 2), undefined, { signal, ref: false }).catch(() => {})
}
