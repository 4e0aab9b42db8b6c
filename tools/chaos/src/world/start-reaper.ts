import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { watchStartedProcesses } from '@ghostpost/local-services'

/**
 * Makes sure that a killed run leaves neither processes nor files.
 * @param folder that the run writes into
 */
export function startReaper(folder: string): void {
  const program = fileURLToPath(new URL('reaper.ts', import.meta.url))
  const reaper = spawn(process.execPath, [program], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  reaper.stdin.on('error', () => {})
  reaper.unref()
  if ('unref' in reaper.stdin && typeof reaper.stdin.unref === 'function') reaper.stdin.unref()
  reaper.stdin.write(`folder ${folder}\n`)
  watchStartedProcesses((pid, isRunning) => void reaper.stdin.write(`${isRunning ? '+' : '-'}${pid}\n`))
}
