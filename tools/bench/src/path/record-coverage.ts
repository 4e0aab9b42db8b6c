import { Session } from 'node:inspector/promises'

/**
 * Loaded before a program: records which code runs. Answers each message `takeCoverage` with the coverage since the
 * answer before.
 */
const session = new Session()
session.connect()
await session.post('Profiler.enable')
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })

process.on('message', (message: unknown) => {
  if (message === 'takeCoverage') void sendCoverage()
})
// The listener alone would keep the program alive.
process.channel?.unref()

async function sendCoverage(): Promise<void> {
  const { result } = await session.post('Profiler.takePreciseCoverage')
  process.send?.({ scripts: result.filter(({ url }) => /^file:(?!.*\/node_modules\/)/.test(url)) })
}
