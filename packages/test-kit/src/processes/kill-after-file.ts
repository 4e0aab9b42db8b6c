import { killStartedProcesses, signalStartedProcesses } from '@ghostpost/local-services'
import { afterAll } from 'vitest'

// A setup file of Vitest. Its hook runs after the hooks of the test file, so it kills only what a failed test left.
afterAll(async () => void (await killStartedProcesses()))

if (!process.listeners('exit').includes(signalStartedProcesses)) {
  process.once('exit', signalStartedProcesses)
  // Vitest ends a worker with SIGTERM, which would skip the exit hook.
  process.once('SIGTERM', () => process.exit(143))
}
