import {
  describeSettings,
  loadSettings,
  openResources,
  runMain,
  serveApiTelemetry,
  stopWithin,
  untilAskedToStop,
} from '@ghostpost/infrastructure'
import { buildApp } from './app.ts'

await runMain(async () => {
  const settings = loadSettings(process.env)
  const resources = await openResources('api', settings)
  const app = await buildApp(resources, resources.queue.listenForSettlements())
  await app.listen({ host: settings.GHOSTPOST_HOST, port: settings.GHOSTPOST_PORT })
  const endTelemetry = await serveApiTelemetry(resources)
  resources.log.info({ settings: describeSettings(settings) }, 'api started')
  process.send?.({ ready: true })

  const reason = await untilAskedToStop()
  resources.log.info({ reason }, 'api stopping')
  await stopWithin(settings.GHOSTPOST_STOP_TIMEOUT_MS, resources.log, async () => {
    await app.close()
    await endTelemetry()
    await resources.close()
  })
})
