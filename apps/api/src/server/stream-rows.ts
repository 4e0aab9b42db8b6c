import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { stringify } from 'csv-stringify'
import type { FastifyReply } from 'fastify'
import { ApiError } from './api-error.ts'
import type { Semaphore } from './semaphore.ts'

type RowFormat = 'csv' | 'ndjson'

const mediaTypes: Readonly<Record<RowFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
}

/** The most exports that run at once in one process. Each buffers one page of rows. */
export const exportsMax = 4
const retrySeconds = 10

export interface RowsToStream<T extends object> {
  pages: AsyncIterable<readonly T[]>
  format: RowFormat
  /** The file name without its extension. */
  name: string
  /** Converts a row into the cells of a CSV line. An NDJSON line is the row itself. */
  flatten: (row: T) => Readonly<Record<string, string | number | boolean | null>>
  columns: readonly string[]
}

/**
 * Streams any number of rows in constant memory: it reads a page when the caller has consumed the previous one. An
 * error breaks the connection, so that a caller never takes a partial file for a complete one.
 * @throws ApiError `overloaded` if all export slots are taken
 */
export function streamRows<T extends object>(
  reply: FastifyReply,
  slots: Semaphore,
  { pages, format, name, flatten, columns }: RowsToStream<T>,
): FastifyReply {
  const release = slots.tryAcquire()
  if (!release)
    throw new ApiError('overloaded', 'The most exports this process allows are running.', [], retrySeconds)
  const lines = Readable.from(format === 'csv' ? flattenPages(pages, flatten) : toNdjson(pages))
  // A spreadsheet runs a cell that begins like a formula, so such cells are escaped. See OWASP, CSV injection.
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
