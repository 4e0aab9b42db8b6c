import { openGhostpost } from '../contenders/ghostpost.ts'
import { median } from '../figures.ts'
import { figure, type WorkloadReport } from '../report.ts'
import type { Run } from '../run.ts'

const batchRows = 10_000
const fullBatches = 10
const shortBatches = 3
const targetPerSecond = 10_000

/** Measures how many visitors one API stores by batches, one batch after another: new ones, and the same again. */
export async function visitors(run: Run): Promise<WorkloadReport> {
  const batches = run.short ? shortBatches : fullBatches
  const found = { created: [] as number[], unchanged: [] as number[] }
  for (let round = 0; round < run.rounds; round += 1) {
    const installation = await openGhostpost(run.bench)
    try {
      const { address } = await installation.startApi()
      const send = (body: string): Promise<void> => sendBatch(address, installation.session, body)
      const bodies = Array.from({ length: batches }, (_, batch) => bodyOf(batch))
      // The first call opens the connections.
      await send(bodyOf(batches))
      found.created.push(await perSecond(bodies, send))
      found.unchanged.push(await perSecond(bodies, send))
      run.log(`round ${round + 1}: ${figure(found.created.at(-1) ?? NaN)} new visitors a second`)
    } finally {
      await installation.stop()
    }
  }
  return reportOf(found)
}

async function perSecond(bodies: readonly string[], send: (body: string) => Promise<void>): Promise<number> {
  const startedAt = performance.now()
  for (const body of bodies) await send(body)
  return (bodies.length * batchRows * 1_000) / (performance.now() - startedAt)
}

async function sendBatch(address: string, session: string, body: string): Promise<void> {
  const response = await fetch(new URL('/api/visitors/batch', address), {
    method: 'POST',
    headers: { cookie: `session=${session}`, 'content-type': 'application/x-ndjson' },
    body,
  })
  const { rows, refused } = (await response.json()) as { rows: number; refused: number }
  if (rows !== batchRows || refused > 0)
    throw new Error(`A batch got ${response.status}, ${refused} refused.`)
}

function bodyOf(batch: number): string {
  const rows = Array.from({ length: batchRows }, (_, row) => {
    const number = batch * batchRows + row
    return JSON.stringify({
      ghost_vid: `gv_bench_${number}`,
      last_seen: '2026-03-10T17:14:22Z',
      first_seen: '2026-03-02T09:12:11Z',
      score: number % 101,
      identified_user_id: `lead${number}@example.com`,
      name: 'Jane Example',
      company: 'Example Ltd',
      country: 'United States',
      city: 'Austin',
      total_sessions: 3,
    })
  })
  return rows.join('\n')
}

function reportOf(found: Readonly<Record<'created' | 'unchanged', number[]>>): WorkloadReport {
  const created = median(found.created)
  return {
    workload: 'visitors',
    title: 'Visitors stored by batches of 10,000 rows, by one API',
    columns: ['visitors', 'a second'],
    rows: [
      ['new', figure(created)],
      ['sent again, unchanged', figure(median(found.unchanged))],
    ],
    targets: [
      { text: 'new visitors a second', value: created, bound: 'at least', limit: targetPerSecond, unit: '' },
    ],
    notes: [
      'One caller, one batch after another. The caller shares the processors with the API and Postgres.',
    ],
    charts: [],
    data: found,
  }
}
