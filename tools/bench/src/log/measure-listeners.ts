import { setTimeout as pause } from 'node:timers/promises'
import { cpuSecondsOf, memoryOf } from '../process-usage.ts'
import { fetchApi, type Caller } from './bench-api.ts'
import type { ResultLine } from './result-line.ts'

const listeners = 1_000
const idleSeconds = 20
const concurrency = 50

/** Measures the cost of many listeners of the event stream. */
export async function measureListeners(caller: Caller, apiPid: number): Promise<ResultLine[]> {
  const [before, cpuBefore] = [await memoryOf(apiPid), await cpuSecondsOf(apiPid)]
  const open: Response[] = []
  while (open.length < listeners) {
    const some = await Promise.all(Array.from({ length: concurrency }, () => fetchApi(caller, '/api/stream')))
    open.push(...some.filter(({ ok }) => ok))
    // A process whose event loop lags refuses calls for a moment.
    if (some.some(({ ok }) => !ok)) await pause(500)
  }
  const cpuOpen = await cpuSecondsOf(apiPid)
  await pause(idleSeconds * 1_000)
  const [after, cpuAfter] = [await memoryOf(apiPid), await cpuSecondsOf(apiPid)]
  await Promise.all(open.map(async (response) => response.body?.cancel()))
  const share = ((cpuAfter - cpuOpen) / idleSeconds) * 100
  const more = (after - before) / 1_048_576
  return [
    {
      what: `${listeners} idle listeners: memory`,
      measured: `${Math.round(more)} MB more`,
      target: '< 64 MB more',
      met: more < 64,
    },
    {
      what: `${listeners} idle listeners: processor`,
      measured: `${share.toFixed(1)} % of a core (${(cpuOpen - cpuBefore).toFixed(1)} s to open them)`,
      target: '≤ 5 % of a core',
      met: share <= 5,
    },
  ]
}
