import { setTimeout as pause } from 'node:timers/promises'
import { isDatabaseUnavailable, type Database } from '@ghostpost/infrastructure/database/connection'
import { warnThrottled } from '@ghostpost/infrastructure/queue'
import type { Logger } from '@ghostpost/infrastructure/telemetry'

/** Holds work back while the database is away, so that a queue full of it is not taken and failed over and over. */
export interface DatabaseGate {
  /** Resolves at once while the database does its work, else when it does again, or the worker stops. */
  waitUntilOpen: () => Promise<void>
  /** Told what a piece of work failed of; true when that was the database being away, and the gate is shut. */
  closeOn: (error: unknown) => boolean
}

const probeMinMs = 250
const probeMaxMs = 10_000

/** One question at a time, ever seldomer, stands for all the work that waits. */
export function openDatabaseGate(
  database: Pick<Database, 'check' | 'reportError'>,
  log: Logger,
  stop: AbortSignal,
): DatabaseGate {
  const warnUnavailable = warnThrottled(log, 'the database is not available; deliveries wait until it is')
  let closed: Promise<void> | null = null
  const probeUntilBack = async (): Promise<void> => {
    let tries = 0
    do {
      await wait(Math.min(probeMinMs * 2 ** tries, probeMaxMs), stop)
      tries += 1
    } while (!stop.aborted && (await database.check()) !== 'ok')
    closed = null
    if (!stop.aborted) log.info({ event: 'database_back' }, 'the database is available; deliveries go on')
  }
  return {
    waitUntilOpen: async () => closed ?? undefined,
    closeOn: (error) => {
      if (!isDatabaseUnavailable(error)) return false
      database.reportError(error)
      warnUnavailable(error)
      closed ??= probeUntilBack()
      return true
    },
  }
}

/** With jitter, so that many workers do not come back together. */
async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms * (0.75 + Math.random() / 2), undefined, { signal, ref: false }).catch(() => {})
}
