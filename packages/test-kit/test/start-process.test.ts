import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isAlive, killStartedProcesses } from '@ghostpost/local-services'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startProcess } from '../src/processes/start-process.ts'
import { waitUntil } from '../src/wait-until.ts'

let folder: string
/** A program that runs until something ends it. */
let program: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ghostpost-process-'))
  program = join(folder, 'program.mjs')
  await writeFile(program, 'setInterval(() => {}, 1_000)\nprocess.send({ ready: true })\n')
})

afterAll(() => rm(folder, { recursive: true }))

/** Runs a test process that starts the program and then ends as `ending` says; returns the id of the program. */
async function programLeftBy(ending: string): Promise<number> {
  const starter = join(folder, 'starter.ts')
  const startProcessFile = join(import.meta.dirname, '../src/processes/start-process.ts')
  await writeFile(
    starter,
    `import { startProcess } from ${JSON.stringify(startProcessFile)}
     const { pid } = await startProcess(${JSON.stringify(program)}, {})
     process.stdout.write(String(pid), () => { ${ending} })`,
  )
  const child = spawn(process.execPath, [starter], { stdio: ['ignore', 'pipe', 'ignore'] })
  let output = ''
  child.stdout.on('data', (chunk) => void (output += String(chunk)))
  await once(child, 'close')
  return Number(output)
}

describe('a started process', () => {
  test.each([
    ['fails', `throw new Error('a failed test')`],
    ['is killed', `process.kill(process.pid, 'SIGKILL')`],
  ])('ends when the process that started it %s', async (_how, ending) => {
    const pid = await programLeftBy(ending)
    expect(pid).toBeGreaterThan(0)
    await waitUntil('the program has ended', () => !isAlive(pid))
  })

  test('that a failed test left ends after the test file', async () => {
    const left = await startProcess(program, {})
    const stopped = await startProcess(program, {})
    await stopped.stop()
    // The hook of kill-after-file.ts calls this.
    expect(await killStartedProcesses()).toEqual([left.pid])
    expect(isAlive(left.pid)).toBe(false)
  })
})
