import { describeSettings, loadSettings, settingsWarnings } from '@ghostpost/infrastructure/config'
import { openResources, runMain, stopWithin, waitForStopSignal } from '@ghostpost/infrastructure/process'
import { serveWorkerTelemetry } from '@ghostpost/infrastructure/telemetry'
import { runWorker } from './run-worker.ts'

/** The part of the stop timeout that is reserved for closing connections. */
const closeMs = 1_000

await runMain(async () => {
  // Registered first: a supervisor may send a stop signal as soon as this process is ready.
  const stopRequested = waitForStopSignal()
  const settings = loadSettings(process.env)
  const resources = await openResources('worker', settings)
  const worker = runWorker(resources)
  const endTelemetry = await serveWorkerTelemetry(resources)
  resources.log.info({ settings: describeSettings(settings) }, 'worker started')
  for (const { event, message } of settingsWarnings(settings, process.env))
    resources.log.warn({ event }, message)
  process.send?.({ ready: true })

  const reason = await stopRequested
  resources.log.info({ reason }, 'worker stopping')
  const timeoutMs = settings.GHOSTPOST_STOP_TIMEOUT_MS
  await stopWithin(timeoutMs, resources.log, async () => {
    await worker.stop(Math.max(timeoutMs - closeMs, 0))
    await endTelemetry()
    await resources.close()
  })
})
