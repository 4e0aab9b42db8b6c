import { setTimeout as pause } from 'node:timers/promises'
import { isDatabaseUnavailable, type Database } from '@ghostpost/infrastructure/database/connection'
import { complainSeldom } from '@ghostpost/infrastructure/queue'
import type { Logger } from '@ghostpost/infrastructure/telemetry'

/** Holds work back while the database is away, so that a queue full of it is not taken and failed over and over. */
export interface DatabaseGate {
  /** Resolves at once while the database does its work, else when it does again, or the worker stops. */
  pass: () => Promise<void>
  /** Told what a piece of work failed of; true when that was the database being away, and the gate is shut. */
  isShutBy: (error: unknown) => boolean
}

const askMinMs = 250
const askMaxMs = 10_000

/** One question at a time, ever seldomer, stands for all the work that waits. */
export function openDatabaseGate(
  database: Pick<Database, 'check' | 'notice'>,
  log: Logger,
  stop: AbortSignal,
): DatabaseGate {
  const complain = complainSeldom(log, 'the database is not available; deliveries wait until it is')
  let shut: Promise<void> | null = null
  const untilBack = async (): Promise<void> => {
    let tries = 0
    do {
      await wait(Math.min(askMinMs * 2 ** tries, askMaxMs), stop)
      tries += 1
    } while (!stop.aborted && (await database.check()) !== 'ok')
    shut = null
    if (!stop.aborted) log.info({ event: 'database_back' }, 'the database is available; deliveries go on')
  }
  return {
    pass: async () => shut ?? undefined,
    isShutBy: (error) => {
      if (!isDatabaseUnavailable(error)) return false
      database.notice(error)
      complain(error)
      shut ??= untilBack()
      return true
    },
  }
}

/** With jitter, so that many workers do not come back together. */
async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms * (0.75 + Math.random() / 2), undefined, { signal, ref: false }).catch(() => {})
}
