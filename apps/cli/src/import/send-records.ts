import { setTimeout as pause } from 'node:timers/promises'
import { ApiProblem, orThrow, type Client } from '@ghostpost/client'

/** Rows of one call. */
const batchRows = 2_000
/** Far below the 64 MiB that the API takes. */
const batchBytes = 8 * 1_024 * 1_024
const triesMax = 8
const waitMaxSeconds = 60

export interface RefusedRow {
  /** Its number in the file, from 1. */
  row: number
  record: string
  error: { code: string; message: string; details?: readonly { field: string; expected: string }[] }
}

export interface ImportCounts {
  rows: number
  created: number
  updated: number
  unchanged: number
  suppressed: number
  refused: number
}

interface SendOptions {
  siteQuery: { siteId?: string }
  isDryRun: boolean
  /** Rows of the file that an earlier import has sent. */
  skip: number
  onBatch: (counts: ImportCounts, refused: readonly RefusedRow[]) => void
}

/** Sends the records in batches. To send a record again changes nothing, so a failed call is simply repeated. */
export async function sendRecords(
  client: Client,
  records: AsyncIterable<string>,
  options: SendOptions,
): Promise<ImportCounts> {
  const counts = { rows: 0, created: 0, updated: 0, unchanged: 0, suppressed: 0, refused: 0 }
  let batch: string[] = []
  let bytes = 0
  const flush = async (): Promise<void> => {
    if (batch.length === 0) return
    const sent = await sendBatch(client, batch, options)
    const before = options.skip + counts.rows
    const refused = sent.results.flatMap(({ row, error }) =>
      error ? [{ row: before + row, record: batch[row - 1] ?? '', error }] : [],
    )
    for (const name of ['rows', 'created', 'updated', 'unchanged', 'suppressed', 'refused'] as const)
      counts[name] += sent[name]
    batch = []
    bytes = 0
    options.onBatch(counts, refused)
  }
  let read = 0
  for await (const record of records) {
    read += 1
    if (read <= options.skip) continue
    batch.push(record)
    bytes += record.length
    if (batch.length >= batchRows || bytes >= batchBytes) await flush()
  }
  await flush()
  return counts
}

async function sendBatch(client: Client, records: readonly string[], { siteQuery, isDryRun }: SendOptions) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await orThrow(
        client.POST('/api/visitors/batch', {
          params: { query: { ...siteQuery, ...(isDryRun && { dry_run: 'true' }) } },
          // A record with a line break in it is one line.
          body: records.map((record) => `${record.replaceAll(/[\r\n]+/g, ' ')}\n`).join(''),
          bodySerializer: (body: unknown) => String(body),
          headers: { 'content-type': 'application/x-ndjson' },
        }),
      )
    } catch (error) {
      const isBusy = error instanceof ApiProblem && (error.status === 429 || error.status === 503)
      if (!isBusy || tries === triesMax) throw error
      await pause(1_000 * Math.min(error.retryAfterSeconds ?? tries, waitMaxSeconds))
    }
  }
}
