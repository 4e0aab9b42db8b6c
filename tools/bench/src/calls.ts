import { openCaller, type Caller } from './caller.ts'
import type { CallableInstallation } from './contenders/contender.ts'
import { runClosedLoop, type LoadResult } from './open-loop.ts'
import { peakMemoryOf } from './process-usage.ts'
import type { Run } from './run.ts'

const capacityCallers = 48
const fullSeconds = 8
const shortSeconds = 4

export interface CallTarget {
  api: { pid: number }
  address: string
  /** Session of the calls. */
  open: () => Caller
}

/** Starts an API and a worker of an installation. */
export async function startCallTarget(installation: CallableInstallation): Promise<CallTarget> {
  await installation.startWorkers(1)
  const { process, address } = await installation.startApi()
  const open = (): Caller =>
    openCaller(`${address}/api/webhook`, { cookie: `session=${installation.session}` })
  return { api: process, address, open }
}

/** A call of the API for the documented visitor. */
export function exportBody(webhookUrl: string): string {
  return JSON.stringify({ ghost_vid: 'gv_a1b2c3d4_e5f6g7h8', webhook_url: webhookUrl })
}

/** Measures how many calls a second get 200 when each caller calls again at once. The first run warms up. */
export async function measureCapacity(run: Run, caller: Caller): Promise<number> {
  const body = exportBody(run.bench.receiver.urls.ok)
  const seconds = run.short ? shortSeconds : fullSeconds
  await runClosedLoop(capacityCallers, seconds, () => caller.post(body), '200')
  return runClosedLoop(capacityCallers, seconds, () => caller.post(body), '200')
}

/** Largest memory use of the processes in bytes. */
export async function readPeaks(
  installation: CallableInstallation,
  { api }: CallTarget,
): Promise<Run['peaks']> {
  const workers = await Promise.all(installation.workers().map((worker) => peakMemoryOf(worker.pid)))
  return { worker: Math.max(...workers), api: await peakMemoryOf(api.pid) }
}

/** Formats the results of calls, as in `200: 1500, 503: 2`. */
export function formatEndings(all: readonly LoadResult['endings'][]): string {
  const sums: Record<string, number> = {}
  for (const endings of all)
    for (const [ending, count] of Object.entries(endings)) sums[ending] = (sums[ending] ?? 0) + count
  return Object.entries(sums)
    .map(([ending, count]) => `${ending}: ${count}`)
    .join(', ')
}
