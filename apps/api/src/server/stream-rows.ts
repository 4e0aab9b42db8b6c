import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { stringify, type Stringifier } from 'csv-stringify'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { ApiError } from './api-error.ts'
import { withoutFormulas } from './without-formulas.ts'
import { rightOf, sessionOf } from './caller.ts'
import type { RouteContext } from './route.ts'

type RowFormat = 'csv' | 'ndjson'

const mediaTypes: Readonly<Record<RowFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
}

/** The most exports that run at once in one process. Each buffers one page of rows. */
export const exportsMax = 48
/** A fifth of them for one site, and half of those for one user. */
export const exportShares = { memberShare: 1 }
const retrySeconds = 10
/** The longest time of one export. */
const exportMaxMs = 900_000
/** A caller that takes longer than this to receive a page of rows is disconnected. */
const pageMaxMs = 60_000

export interface RowsToStream<T extends object> {
  pages: AsyncIterable<readonly T[]>
  format: RowFormat
  /** The file name without its extension. */
  name: string
  /** Converts a row into the cells of a CSV line. An NDJSON line is the row itself. */
  flatten: (row: T) => Readonly<Record<string, string | number | boolean | null>>
  columns: readonly string[]
  /** Runs before the first row is read, once the export has its slot. */
  beforeFirst?: () => Promise<void>
}

/**
 * Streams any number of rows in constant memory: it reads a page when the caller has consumed the previous one. An
 * error breaks the connection, so that a caller never takes a partial file for a complete one. So do a caller that
 * reads too slowly, and the loss of its right.
 * @throws ApiError `overloaded` if the export slots of the site or the user are taken
 */
export async function streamRows<T extends object>(
  { exportSlots, rights }: Pick<RouteContext, 'exportSlots' | 'rights'>,
  request: FastifyRequest,
  reply: FastifyReply,
  rows: RowsToStream<T>,
): Promise<FastifyReply> {
  const release = exportSlots.tryAcquire(String(rightOf(request).siteId), sessionOf(request).userId)
  if (!release) throw new ApiError('overloaded', 'Too many exports are running. Try again.', [], retrySeconds)
  try {
    await rows.beforeFirst?.()
  } catch (error) {
    release()
    throw error
  }
  const stop = (why: string): void => void output.destroy(new Error(`The export was ended: ${why}.`))
  const deadline = setTimeout(stop, exportMaxMs, 'it took too long').unref()
  const slowReader = openTimer(pageMaxMs, () => stop('its caller reads too slowly'))
  const stopWatching = rights.watch(request, () => stop('its caller lost the right to it'))
  const output = linesOf({ ...rows, pages: timePages(rows.pages, slowReader) })
  output.once('close', () => {
    clearTimeout(deadline)
    slowReader.stop()
    stopWatching()
    release()
  })
  return reply
    .type(mediaTypes[rows.format])
    .header('content-disposition', `attachment; filename="${rows.name}.${rows.format}"`)
    .header('cache-control', 'no-store')
    .send(output)
}

interface Timer {
  start: () => void
  stop: () => void
}

function openTimer(ms: number, onEnd: () => void): Timer {
  let timer: NodeJS.Timeout | undefined
  return {
    start: () => void (timer = setTimeout(onEnd, ms).unref()),
    stop: () => clearTimeout(timer),
  }
}

/** Runs the timer while a page waits for the caller; after the last one until the caller has received everything. */
async function* timePages<T>(pages: AsyncIterable<T>, { start, stop }: Timer): AsyncGenerator<T> {
  for await (const page of pages) {
    start()
    yield page
    stop()
  }
  start()
}

function linesOf<T extends object>({ pages, format, columns, flatten }: RowsToStream<T>): Readable {
  if (format === 'ndjson') return Readable.from(toNdjson(pages), { highWaterMark: 1 })
  const lines = Readable.from(flattenPages(pages, flatten))
  const csv = openCsv(columns)
  pipeline(lines, csv).catch((error: unknown) => csv.destroy(toError(error)))
  return csv
}

/** Quotes every cell: a reader that takes another separator or a line break for the end of a cell finds none. */
function openCsv(columns: readonly string[]): Stringifier {
  return stringify({
    header: true,
    columns: [...columns],
    quoted: true,
    quoted_empty: true,
    record_delimiter: 'windows',
    bom: true,
    cast: { string: withoutFormulas },
  })
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
