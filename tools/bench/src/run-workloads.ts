import type { WorkloadReport } from './report.ts'
import type { Run } from './run.ts'
import { bulk } from './workloads/bulk.ts'
import { cost } from './workloads/cost.ts'
import { drain } from './workloads/drain.ts'
import { fairness } from './workloads/fairness.ts'
import { faultyReceiver } from './workloads/faulty-receiver.ts'
import { memory } from './workloads/memory.ts'
import { steady } from './workloads/steady.ts'
import { stored } from './workloads/stored.ts'
import { visitors } from './workloads/visitors.ts'
import { workers } from './workloads/workers.ts'

type Workload = (run: Run) => Promise<WorkloadReport>

/** The workloads in their order. */
export const workloads: Readonly<Record<string, Workload>> = {
  drain,
  cost,
  steady,
  'faulty-receiver': faultyReceiver,
  fairness,
  bulk,
  workers,
  stored,
  visitors,
}

/** Runs the workloads one after another; reports and skips a workload that fails. */
export async function runWorkloads(run: Run, names: readonly string[]): Promise<WorkloadReport[]> {
  const reports: WorkloadReport[] = []
  for (const name of names) {
    const workload = workloads[name]
    if (!workload)
      throw new Error(`There is no workload ${name}; there are ${Object.keys(workloads).join(', ')}.`)
    run.log(`${name} …`)
    try {
      reports.push(await workload(run))
    } catch (error) {
      process.exitCode = 1
      run.log(`${name} failed: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return [...reports, memory(run)]
}
