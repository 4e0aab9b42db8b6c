import { join } from 'node:path'
import { waitForStopSignal } from '@ghostpost/infrastructure/process'
import { startDemo } from './start-demo.ts'
import { welcomeText } from './welcome.ts'

const repository = join(import.meta.dirname, '../../..')
/** Data folder of the stores. Tests use their own. */
const data = process.env['DEMO_DATA'] ?? join(repository, '.data')

try {
  const stopRequested = waitForStopSignal()
  const demo = await startDemo(repository, data, stopRequested)
  console.log(welcomeText(demo))
  const endedProcess = await Promise.race([stopRequested.then(() => null), demo.processEnded])
  if (endedProcess !== null)
    console.error(
      `\nThe ${endedProcess} process exited unexpectedly; its log is in ${data}/logs. Stopping the rest.`,
    )
  console.log('\nStopping …')
  await demo.stop()
  console.log(`Stopped; the data stays in ${data} for the next start.`)
  process.exit(endedProcess === null ? 0 : 1)
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`)
  process.exit(1)
}
