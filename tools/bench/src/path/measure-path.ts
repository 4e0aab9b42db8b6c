import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { callApi, exportBody } from '@ghostpost/test-kit/processes/call-api'
import type { RunningProcess } from '@ghostpost/test-kit/processes/start-process'
import { startStack, type StackSettings } from '@ghostpost/test-kit/processes/start-stack'
import { callCounts, countExecutedLines, type ScriptCoverage } from './executed-lines.ts'

/** A file with code that ran for the delivery. */
export interface PathFile {
  path: string
  executedLines: number
  /** All its lines. */
  lines: number
}

const repository = fileURLToPath(new URL('../../../..', import.meta.url))
const recorder = fileURLToPath(new URL('record-coverage.ts', import.meta.url))
/** Periodic work is as rare as the settings allow. */
const settings: StackSettings = {
  GHOSTPOST_SWEEP_INTERVAL_MS: '600000',
  GHOSTPOST_ALERT_INTERVAL_MS: '600000',
  GHOSTPOST_SEAL_URLS: 'false',
  GHOSTPOST_BREAKER_FAILURES: '5',
}
/** Longer than the worker's heartbeat period. */
const idleMinMs = 6_000
/** The delivery's log lines and events come shortly after the response. */
const settleMs = 1_000

/**
 * Exports one visitor to a custom webhook that responds 200, and returns the files whose functions ran for it in the
 * API and in the worker, sorted by path. An earlier delivery opens the connections. Functions that an idle
 * time calls as often do not count. Needs the stores of the test kit's global setup.
 */
export async function measurePath(): Promise<PathFile[]> {
  const stack = await startStack(settings, 0)
  try {
    await stack.apiProcess.stop()
    const api = await stack.startApi({}, [recorder])
    const processes = [api, await stack.startWorker({}, [recorder])]
    const exportVisitor = async (): Promise<void> => {
      const call = { body: exportBody(stack) }
      const { status, text } = await callApi({ ...stack, api: api.address }, '/api/webhook', call)
      if (status !== 200) throw new Error(`The API responded ${status}: ${text}`)
      await pause(settleMs)
    }
    await exportVisitor()
    await takeCoverages(processes)
    const startedAt = performance.now()
    await exportVisitor()
    const active = await takeCoverages(processes)
    const activeMs = performance.now() - startedAt
    await pause(Math.max(idleMinMs, 2 * activeMs))
    return await filesOf(active, await takeCoverages(processes))
  } finally {
    await stack.stop()
  }
}

type Coverage = ReadonlyMap<string, ScriptCoverage>

function takeCoverages(processes: readonly RunningProcess[]): Promise<Coverage[]> {
  return Promise.all(
    processes.map(async ({ child }) => {
      child.send('takeCoverage')
      const [{ scripts }] = (await once(child, 'message')) as [{ scripts: ScriptCoverage[] }]
      return new Map(scripts.map((script) => [script.url, script]))
    }),
  )
}

/** A file that runs in both processes counts once, with the greater number of lines. */
async function filesOf(coverages: readonly Coverage[], idle: readonly Coverage[]): Promise<PathFile[]> {
  const files = new Map<string, PathFile>()
  for (const [index, coverage] of coverages.entries()) {
    for (const [url, script] of coverage) {
      const source = await readFile(fileURLToPath(url), 'utf8')
      const executedLines = countExecutedLines(source, script, callCounts(idle[index]?.get(url)))
      if (executedLines <= (files.get(url)?.executedLines ?? 0)) continue
      const path = relative(repository, fileURLToPath(url))
      files.set(url, { path, executedLines, lines: source.split('\n').length - 1 })
    }
  }
  files.delete(pathToFileURL(recorder).href)
  return [...files.values()].toSorted((a, b) => a.path.localeCompare(b.path))
}
