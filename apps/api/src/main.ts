import { describeSettings, loadSettings, settingsWarnings } from '@ghostpost/infrastructure/config'
import {
  waitOrSecondStopSignal,
  openResources,
  runMain,
  stopWithin,
  waitForStopSignal,
} from '@ghostpost/infrastructure/process'
import { serveApiTelemetry } from '@ghostpost/infrastructure/telemetry'
import { announceSetup } from './server/announce-setup.ts'
import { buildApp } from './server/app.ts'
import { openDrain } from './server/drain.ts'

/** The part of the stop timeout reserved for closing the stores' connections. */
const closeMs = 1_000

await runMain(async () => {
  // First, because a stop signal may arrive as soon as the process reports that it is ready.
  const stopRequested = waitForStopSignal()
  const settings = loadSettings(process.env)
  const resources = await openResources('api', settings)
  const drain = openDrain()
  const app = await buildApp(resources, resources.queue.listenForSettlements(), drain)
  await app.listen({ host: settings.GHOSTPOST_HOST, port: settings.GHOSTPOST_PORT })
  const endTelemetry = await serveApiTelemetry(resources)
  resources.log.info({ settings: describeSettings(settings) }, 'api started')
  for (const { event, message } of settingsWarnings(settings, process.env))
    resources.log.warn({ event }, message)
  await announceSetup(resources)
  process.send?.({ ready: true })

  const reason = await stopRequested
  resources.log.info({ reason }, 'api stopping')
  drain.begin()
  // Only SIGTERM comes from an orchestrator with a load balancer that needs time to send callers elsewhere.
  if (reason === 'SIGTERM') await waitOrSecondStopSignal(settings.GHOSTPOST_DRAIN_MS)
  const timeoutMs = settings.GHOSTPOST_STOP_TIMEOUT_MS
  await stopWithin(timeoutMs, resources.log, async () => {
    // Slow clients must not delay shutdown.
    setTimeout(() => app.server.closeAllConnections(), Math.max(timeoutMs - closeMs, 0)).unref()
    await app.close()
    await endTelemetry()
    await resources.close()
  })
})
