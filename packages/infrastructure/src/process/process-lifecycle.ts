import type { Logger } from '../telemetry/logger.ts'
import { SettingsError } from '../config/load-settings.ts'

/**
 * Resolves when this process receives SIGTERM or SIGINT, or when the parent that started it with an IPC channel ends: a
 * killed parent must not leave this process behind.
 */
export function waitForStopSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal))
    process.once('disconnect', () => resolve('disconnect'))
  })
}

/** Resolves after `ms`, or at once on a second stop signal. */
export async function waitOrSecondStopSignal(ms: number): Promise<void> {
  const { promise: done, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  void waitForStopSignal().then(() => resolve())
  await done
  clearTimeout(timer)
}

/** Runs `stop`, then ends the process. Ends it by force when `stop` takes longer than `timeoutMs`. */
export async function stopWithin(timeoutMs: number, log: Logger, stop: () => Promise<void>): Promise<never> {
  const force = setTimeout(() => {
    log.error({ timeoutMs }, 'the process did not stop in time and is ended by force')
    process.exit(1)
  }, timeoutMs)
  try {
    await stop()
  } catch (err) {
    log.error({ err }, 'the process failed to stop cleanly')
    process.exit(1)
  }
  clearTimeout(force)
  log.info('stopped')
  process.exit(0)
}

/**
 * Runs a process's main function. A wrong setting or a used port ends the process with one sentence on standard
 * error.
 */
export async function runMain(main: () => Promise<void>): Promise<void> {
  try {
    await main()
  } catch (error) {
    console.error(describeStartError(error))
    process.exit(1)
  }
}

function describeStartError(error: unknown): string {
  if (error instanceof SettingsError) return error.message
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    const reason = error.message.replace(/^listen EADDRINUSE: /, '')
    return `Cannot start: ${reason}. Set GHOSTPOST_PORT to a free port, or stop the process that uses this one.`
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
