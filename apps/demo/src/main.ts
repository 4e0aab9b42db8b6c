import { join } from 'node:path'
import { untilAskedToStop } from '@ghostpost/infrastructure/process'
import { startDemo } from './start-demo.ts'
import { welcome } from './welcome.ts'

const repository = join(import.meta.dirname, '../../..')
/** Where the stores keep their data; tests take a folder of their own. */
const data = process.env['DEMO_DATA'] ?? join(repository, '.data')

try {
  const asked = untilAskedToStop()
  const demo = await startDemo(repository, data, asked)
  console.log(welcome(demo))
  const ended = await Promise.race([asked.then(() => null), demo.processEnded])
  if (ended !== null)
    console.error(`\nThe ${ended} process ended by itself; its log is in ${data}/logs. Stopping the rest.`)
  console.log('\nStopping …')
  await demo.stop()
  console.log(`Stopped; the data stays in ${data} for the next start.`)
  process.exit(ended === null ? 0 : 1)
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`)
  process.exit(1)
}
