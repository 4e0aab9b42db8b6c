import type { Logger } from '../telemetry/logger.ts'
import { SettingsError } from '../config/load-settings.ts'

/**
 * Resolves once this process is asked to stop: SIGTERM, SIGINT, or the loss of the process that started it with an IPC
 * channel (a starter that was killed must not leave us behind).
 */
export function waitForStopSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal))
    process.once('disconnect', () => resolve('disconnect'))
  })
}

/** Resolves after `ms`, or at once when this process is asked to stop a second time. */
export async function waitOrSecondStopSignal(ms: number): Promise<void> {
  const { promise: done, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  void waitForStopSignal().then(() => resolve())
  await done
  clearTimeout(timer)
}

/** Stops in order, and ends the process either way: at once when done, by force after `timeoutMs`. */
export async function stopWithin(timeoutMs: number, log: Logger, stop: () => Promise<void>): Promise<never> {
  const force = setTimeout(() => {
    log.error({ timeoutMs }, 'did not stop in time; ending by force')
    process.exit(1)
  }, timeoutMs)
  try {
    await stop()
  } catch (err) {
    log.error({ err }, 'stopping failed')
    process.exit(1)
  }
  clearTimeout(force)
  log.info('stopped')
  process.exit(0)
}

/** Runs a process's main function; a wrong setting or a taken port ends it with one sentence on standard error. */
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
    return `Cannot start: ${error.message.replace(/^listen EADDRINUSE: /, '')}. Set GHOSTPOST_PORT to a free port, or stop what uses this one.`
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
