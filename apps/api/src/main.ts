import {
  askedAgainWithin,
  describeSettings,
  loadSettings,
  openResources,
  runMain,
  stopWithin,
  untilAskedToStop,
} from '@ghostpost/infrastructure'
import { buildApp } from './app.ts'
import { openDrain } from './drain.ts'

await runMain(async () => {
  // Before anybody can know of this process: whoever is told that it is ready may ask it to stop at once.
  const asked = untilAskedToStop()
  const settings = loadSettings(process.env)
  const resources = await openResources('api', settings)
  const drain = openDrain()
  const app = await buildApp(resources, resources.queue.listenForSettlements(), drain)
  await app.listen({ host: settings.GHOSTPOST_HOST, port: settings.GHOSTPOST_PORT })
  resources.log.info({ settings: describeSettings(settings) }, 'api started')
  process.send?.({ ready: true })

  const reason = await asked
  resources.log.info({ reason }, 'api stopping')
  drain.begin()
  // A person at a terminal, or a starter that is gone, has nobody to tell that it is to send callers elsewhere.
  if (reason === 'SIGTERM') await askedAgainWithin(settings.GHOSTPOST_DRAIN_MS)
  await stopWithin(settings.GHOSTPOST_STOP_TIMEOUT_MS, resources.log, async () => {
    await app.close()
    await resources.close()
  })
})
