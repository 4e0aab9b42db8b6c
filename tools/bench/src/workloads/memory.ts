import { figure, megabytes, type Target, type WorkloadReport } from '../report.ts'
import type { Run } from '../run.ts'

const limitMegabytes = 256

/** Reports the largest memory use of a Ghostpost process in the workloads before. */
export function memory({ peaks }: Run): WorkloadReport {
  const seen = (['worker', 'api'] as const).filter((part) => peaks[part] > 0)
  return {
    workload: 'memory',
    title: 'Memory',
    columns: ['process', 'peak MB'],
    rows: seen.map((part) => [part, figure(megabytes(peaks[part]))]),
    targets: seen.map((part): Target => ({
      text: `peak memory, ${part}`,
      value: megabytes(peaks[part]),
      bound: 'at most',
      limit: limitMegabytes,
      unit: ' MB',
    })),
    notes: ['Resident memory, of the process that took most in all of the above.'],
    charts: [],
    data: peaks,
  }
}
