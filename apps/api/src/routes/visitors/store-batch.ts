import type { Readable } from 'node:stream'
import { apiErrors } from '@ghostpost/delivery/contract/errors'
import { batchRowBytesMax, batchRowsMax, type BatchRowResult } from '@ghostpost/delivery/contract/visitor'
import type { VisitorRow } from '@ghostpost/delivery/contract/visitor-record'
import { storeVisitors } from '@ghostpost/infrastructure/database/visitors'
import type { FastifyRequest } from 'fastify'
import { ApiError } from '../../server/api-error.ts'
import type { RouteContext } from '../../server/route.ts'
import { splitArray, splitLines, type RowText } from '../../server/split-rows.ts'
import { checkRow } from './check-row.ts'

const batchBytesMax = 64 * 1_024 * 1_024
/** Rows of one statement. Between two of them, other callers get their turns. */
const chunkRows = 500

interface Batch {
  siteId: number
  isDryRun: boolean
}

/** A row that waits for its statement, and the place of its result. */
interface WaitingRow {
  result: BatchRowResult
  visitor: VisitorRow
}

/**
 * Stores the rows of a body while it arrives. A body that is cut off leaves what arrived stored: to send everything
 * again is safe.
 */
export async function storeBatch(
  context: RouteContext,
  request: FastifyRequest,
  batch: Batch,
): Promise<BatchRowResult[]> {
  const results: BatchRowResult[] = []
  let waiting: WaitingRow[] = []
  let writing: Promise<void> = Promise.resolve()
  const flush = async (): Promise<void> => {
    const rows = waiting
    waiting = []
    // The next rows are read while these are written.
    await writing
    writing = writeRows(context, request, batch, rows)
    // A failure is thrown by the next `await`, which may come later.
    writing.catch(() => {})
  }
  for await (const row of rowsOf(request)) {
    const number = results.length + 1
    // The rest is read and dropped: a caller that still sends could not receive the response.
    if (number > batchRowsMax + 1) continue
    const checked = number > batchRowsMax ? tooMany(number) : resultOf(request, row, number)
    results.push(checked.result)
    if (checked.visitor) waiting.push({ result: checked.result, visitor: checked.visitor })
    if (waiting.length >= chunkRows) await flush()
  }
  await flush()
  await writing
  return results
}

interface CheckedResult {
  result: BatchRowResult
  visitor?: VisitorRow
}

function tooMany(row: number): CheckedResult {
  const details = [{ field: 'rows', expected: `at most ${batchRowsMax} in one call; the rest was not read` }]
  return { result: refusal(row, null, 'validation_failed', details) }
}

function resultOf(request: FastifyRequest, text: RowText, row: number): CheckedResult {
  if ('problem' in text)
    return { result: refusal(row, null, 'malformed_json', [{ field: 'row', expected: text.problem }]) }
  const checked = checkRow(request, text.text, Date.now())
  if (!('visitor' in checked)) return { result: refusal(row, checked.vid, checked.code, checked.details) }
  const { visitor } = checked
  return { result: { row, ghost_vid: visitor.ghost_vid, result: 'valid' }, visitor }
}

function refusal(
  row: number,
  vid: string | null,
  code: 'malformed_json' | 'validation_failed',
  details: { field: string; expected: string }[],
): BatchRowResult {
  return { row, ghost_vid: vid, result: 'refused', error: { code, message: apiErrors[code].remedy, details } }
}

async function writeRows(
  { database, reads, rights }: RouteContext,
  request: FastifyRequest,
  { siteId, isDryRun }: Batch,
  rows: readonly WaitingRow[],
): Promise<void> {
  if (rows.length === 0 || isDryRun) return
  // A batch takes a while: a right that ends meanwhile ends the batch.
  await rights.require(request)
  const visitors = rows.map(({ visitor }) => visitor)
  const stored = await reads.run(request, 'write', () => storeVisitors(database, siteId, visitors))
  for (const { result, visitor } of rows) result.result = stored.get(visitor.ghost_vid) ?? 'suppressed'
}

async function* rowsOf(request: FastifyRequest): AsyncGenerator<RowText> {
  const isArray = request.headers['content-type']?.startsWith('application/json') ?? false
  const splitter = (isArray ? splitArray : splitLines)(batchRowBytesMax)
  if (Number(request.headers['content-length'] ?? 0) > batchBytesMax) throw tooLarge()
  let bytes = 0
  for await (const chunk of request.body as Readable) {
    const data = chunk as Buffer
    bytes += data.length
    if (bytes > batchBytesMax) throw tooLarge()
    yield* splitter.push(data)
  }
  yield* splitter.end()
}

function tooLarge(): ApiError {
  return new ApiError('body_too_large', 'The batch is larger than 64 MiB. Its first rows may be stored.')
}
