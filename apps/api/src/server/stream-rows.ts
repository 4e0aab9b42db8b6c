import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { stringify } from 'csv-stringify'
import type { FastifyReply } from 'fastify'
import { ApiError } from './api-error.ts'
import type { Semaphore } from './semaphore.ts'

export type RowFormat = 'csv' | 'ndjson'

const mediaTypes: Readonly<Record<RowFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
}

/** Exports of one process that run at once; each holds a page of rows. */
export const exportsMax = 4
const retrySeconds = 10

export interface RowsToStream<T extends object> {
  pages: AsyncIterable<readonly T[]>
  format: RowFormat
  /** Name of the file, without its extension. */
  name: string
  /** What a line of CSV holds of a row; an NDJSON line is the row itself. */
  flatten: (row: T) => Readonly<Record<string, string | number | boolean | null>>
  columns: readonly string[]
}

/**
 * Answers with rows of any number in constant memory: a page is read when the caller has taken the one before. What
 * fails on the way breaks the connection, so that half a file is never taken for a whole one.
 */
export function streamRows<T extends object>(
  reply: FastifyReply,
  slots: Semaphore,
  { pages, format, name, flatten, columns }: RowsToStream<T>,
): FastifyReply {
  const release = slots.tryAcquire()
  if (!release) throw new ApiError('overloaded', 'Other exports are running.', [], retrySeconds)
  const lines = Readable.from(format === 'csv' ? flattenPages(pages, flatten) : toNdjson(pages))
  // A cell that begins like a formula is one to a spreadsheet: OWASP, CSV injection.
  const csv =
    format === 'csv'
      ? stringify({
          header: true,
          columns: [...columns],
          escape_formulas: true,
          record_delimiter: 'windows',
          bom: true,
        })
      : null
  const output = csv ?? lines
  if (csv) pipeline(lines, csv).catch((error: unknown) => csv.destroy(toError(error)))
  output.once('close', release)
  return reply
    .type(mediaTypes[format])
    .header('content-disposition', `attachment; filename="${name}.${format}"`)
    .header('cache-control', 'no-store')
    .send(output)
}

async function* flattenPages<T extends object>(
  pages: AsyncIterable<readonly T[]>,
  flatten: RowsToStream<T>['flatten'],
): AsyncGenerator<object> {
  for await (const page of pages) yield* page.map(flatten)
}

async function* toNdjson<T extends object>(pages: AsyncIterable<readonly T[]>): AsyncGenerator<string> {
  for await (const page of pages) yield page.map((row) => `${JSON.stringify(row)}\n`).join('')
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
