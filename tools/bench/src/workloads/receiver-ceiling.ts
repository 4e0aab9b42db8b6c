import { openCaller } from '../caller.ts'
import type { Bench } from '../contenders/contender.ts'
import { runClosedLoop } from '../open-loop.ts'
import { cpuSecondsOf } from '../process-usage.ts'
import { figure } from '../report.ts'

const atOnce = 50
const seconds = 3
const body = JSON.stringify({ note: 'x'.repeat(1_500) })

/** Measures the receiver alone, which must not limit the other workloads. */
export async function receiverCeiling({ receiver }: Bench): Promise<string> {
  const caller = openCaller(receiver.urls.ok)
  const before = await cpuSecondsOf(receiver.pid)
  const perSecond = await runClosedLoop(atOnce, seconds, () => caller.post(body), '200')
  const used = (await cpuSecondsOf(receiver.pid)) - before
  await caller.close()
  const each = used / (perSecond * seconds)
  return (
    `The receiver alone: ${figure(perSecond)} requests a second from one process that does nothing else, ` +
    `at ${figure(each * 1e6)} µs of processor time each, ` +
    `so about ${figure(1 / each)} a second on a core of its own.`
  )
}
