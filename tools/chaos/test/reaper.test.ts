import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isAlive } from '@ghostpost/local-services'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterEach, expect, test } from 'vitest'

const starter = fileURLToPath(new URL('starter.ts', import.meta.url))
const children: ChildProcess[] = []

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

/** A run that has written into its folder, has started a process and does nothing more. */
async function startRun(folder: string): Promise<{ run: ChildProcess; started: number }> {
  const run = spawn(process.execPath, [starter, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(run)
  const started = await new Promise<number>((resolve) =>
    run.stdout.once('data', (chunk) => resolve(Number(String(chunk)))),
  )
  return { run, started }
}

test.each(['SIGKILL', 'SIGTERM'] as const)(
  'a run of the fault suite that is ended with %s leaves neither processes nor files',
  async (signal) => {
    const folder = await mkdtemp(join(tmpdir(), 'ghostpost-reaper-'))
    await writeFile(join(folder, 'data'), 'data')
    const { run, started } = await startRun(folder)
    expect(isAlive(started)).toBe(true)
    // A frozen process does not notice the end of its starter.
    process.kill(started, 'SIGSTOP')
    run.kill(signal)
    await waitUntil('the started process is gone', () => !isAlive(started))
    await waitUntil('the folder is gone', () => !existsSync(folder))
  },
)
