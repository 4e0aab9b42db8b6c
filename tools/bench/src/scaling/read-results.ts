import { median } from '../figures.ts'
import type { CallCost } from '../workloads/cost.ts'
import type { Measured } from './compute-need.ts'

interface Results {
  machine?: string
  short?: boolean
  reports?: { workload: string; data: unknown }[]
}

export interface ReadResults extends Measured {
  machine: string
  short: boolean
}

/**
 * Reads from bench-results.json the figures that the calculation needs.
 * @throws when the workload `cost` or `drain` is missing
 */
export function readResults(text: string): ReadResults {
  const { machine = 'an unknown machine', short = false, reports = [] } = JSON.parse(text) as Results
  const dataOf = (workload: string): unknown => {
    const report = reports.find((one) => one.workload === workload)
    if (!report)
      throw new Error(`The results have no ${workload}: run npm run bench -- --only drain,cost first.`)
    return report.data
  }
  const { ghostpost } = dataOf('drain') as { ghostpost: { redisBytesPerWaiting: number }[] }
  const waitingBytes = median(ghostpost.map(({ redisBytesPerWaiting }) => redisBytesPerWaiting))
  return { machine, short, waitingBytes, cost: dataOf('cost') as CallCost }
}
