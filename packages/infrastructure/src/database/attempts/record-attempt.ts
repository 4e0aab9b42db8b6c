import { randomUUID } from 'node:crypto'
import type {
  AttemptRecord,
  ClaimedDelivery,
  DeliveryState,
  Failure,
  RecordAttempt,
  Settlement,
} from '@ghostpost/delivery/deliver'
import { batchCalls } from '../../batching/batch-calls.ts'
import { batchLimits, batchStatements } from '../connection/batch-statements.ts'
import { sqlStateOf } from '../connection/database-error.ts'
import type { Database } from '../connection/open-database.ts'
import { rowsValues } from '../connection/row-arrays.ts'
import { dueDeliveryOfRow, type DueDeliveryRow } from './due-delivery.ts'
import { attemptColumns, withoutTexts, type AttemptRow } from './attempt-row.ts'
import { correctSql, findRecordedSql, recordSql, recordUnlockedSql, stillClaimedSql } from './record-sql.ts'
import { retryUntilWritten, type OnWriteError } from './retry-until-written.ts'

interface SettledRow extends DueDeliveryRow {
  correlation_id: string
  state: DeliveryState
  delivered_at: Date | null
  next_attempt_at: Date | null
}

/** A row that another transaction has locked. */
class LockedRow extends Error {}

/** Null: the claim is lost. */
type Written = SettledRow | null

/**
 * Returns the port. An outcome that cannot be recorded is recorded again until it is written, whatever the error: it is
 * known only here. Once a batch has failed, its rows are written without waiting for locks, and one by one where that
 * fails, too: a row that is locked or that the database refuses harms no other. A failed write may have been written,
 * and its reply lost: then its attempt is found.
 * @param sweepAfterMs how long after a retry is due the sweeper checks whether the queue lost it
 * @param onError called with each error of a write that is repeated
 */
export function recordAttempt(
  database: Database,
  sweepAfterMs: number,
  onError: OnWriteError = () => {},
): RecordAttempt {
  const find = batchStatements((rows: readonly AttemptRow[]) => findRecorded(database, rows))
  const context = { database, sweepAfterMs, onError, find }
  const write = openWrite(context)
  const correct = openCorrection(context)
  return async (claim, attempt) => {
    const settled = (await write(rowOf(claim, attempt))) ?? (await correct(rowOf(claim, attempt)))
    if (!settled) return { kind: 'claim_lost' }
    const due = settled.next_attempt_at === null ? null : dueDeliveryOfRow(settled)
    return { kind: 'recorded', settlement: settlementOf(claim, attempt, settled), due }
  }
}

interface WriteContext {
  database: Database
  sweepAfterMs: number
  onError: OnWriteError
  /** Finds an attempt that a write has recorded whose reply was lost. */
  find: (row: AttemptRow) => Promise<Written>
}

type WriteAttempt = (row: AttemptRow) => Promise<Written>

function openWrite({ database, sweepAfterMs, onError, find }: WriteContext): WriteAttempt {
  const writeFirst = batchCalls((rows: readonly AttemptRow[]) => recordAll(database, rows, sweepAfterMs), {
    ...batchLimits,
    shouldRetrySingly: () => false,
  })
  const writeAgain = batchCalls(
    (rows: readonly AttemptRow[]) => recordUnlocked(database, rows, sweepAfterMs),
    { ...batchLimits, shouldRetrySingly: () => true },
  )
  const repeat = (row: AttemptRow): Promise<Written> =>
    retryUntilWritten(async () => (await writeAgain(row)) ?? find(row), database.pool, onError)
  return async (row) => {
    try {
      return await writeFirst(row)
    } catch (error) {
      onError(error)
    }
    try {
      return await repeat(row)
    } catch (error) {
      // Better a record without the receiver's texts than none.
      if (!invalidData.test(sqlStateOf(error))) throw error
      return repeat(withoutTexts(row))
    }
  }
}

/** Replaces the record of an attempt as interrupted. */
function openCorrection({ database, sweepAfterMs, onError, find }: WriteContext): WriteAttempt {
  return async (row) => {
    const { outcome } = row.attempt
    if (outcome.kind === 'interrupted' || row.failure?.outcomeUnknown) return null
    let hasFailed = false
    const correct = async (): Promise<Written> => {
      const [corrected = null] = await runRecord(database, correctSql, [row], sweepAfterMs)
      return corrected ?? (hasFailed ? find(row) : null)
    }
    return retryUntilWritten(correct, database.pool, (error) => {
      hasFailed = true
      onError(error)
    })
  }
}

const invalidData = /^22/

function rowOf(claim: ClaimedDelivery, attempt: AttemptRecord): AttemptRow {
  const { verdict, outcome } = attempt
  return {
    correlationId: randomUUID(),
    claim,
    attempt,
    failure: failureOf(verdict),
    response: outcome.kind === 'answered' ? outcome : null,
  }
}

async function recordAll(
  database: Database,
  attemptRows: readonly AttemptRow[],
  sweepAfterMs: number,
): Promise<Written[]> {
  return runRecord(database, recordSql, attemptRows, sweepAfterMs)
}

/** Where another transaction has locked a row, only its own promise rejects. */
async function recordUnlocked(
  database: Database,
  attemptRows: readonly AttemptRow[],
  sweepAfterMs: number,
): Promise<(Written | Promise<Written>)[]> {
  const written = await runRecord(database, recordUnlockedSql, attemptRows, sweepAfterMs)
  if (written.every((row) => row !== null)) return written
  const values = rowsValues(attemptColumns, attemptRows)
  const { rows } = await database.pool.query<{ correlation_id: string }>(stillClaimedSql, values)
  const claimed = new Set(rows.map((row) => row.correlation_id))
  return attemptRows.map(({ correlationId }, index) => {
    const row = written[index] ?? null
    const isLocked = row === null && claimed.has(correlationId)
    return isLocked ? Promise.reject(new LockedRow('Another transaction has locked the delivery.')) : row
  })
}

async function findRecorded(
  { pool }: Database,
  attemptRows: readonly AttemptRow[],
): Promise<readonly Written[]> {
  const { rows } = await pool.query<SettledRow>(findRecordedSql, rowsValues(attemptColumns, attemptRows))
  const byCorrelationId = new Map(rows.map((row) => [row.correlation_id, row]))
  return attemptRows.map(({ correlationId }) => byCorrelationId.get(correlationId) ?? null)
}

/** Locks deliveries in the order of their ids, as every statement on many deliveries does, so that none deadlocks. */
async function runRecord(
  { pool }: Database,
  sql: string,
  attemptRows: readonly AttemptRow[],
  sweepAfterMs: number,
): Promise<Written[]> {
  const ordered = attemptRows.toSorted((one, other) =>
    one.claim.deliveryId < other.claim.deliveryId ? -1 : 1,
  )
  const values = [sweepAfterMs, ...rowsValues(attemptColumns, ordered)]
  const { rows } = await pool.query<SettledRow>({ name: statementNames.get(sql) ?? '', text: sql, values })
  const byCorrelationId = new Map(rows.map((row) => [row.correlation_id, row]))
  return attemptRows.map(({ correlationId }) => byCorrelationId.get(correlationId) ?? null)
}

/** Names of the prepared statements. */
const statementNames = new Map([
  [recordSql, 'record-attempt'],
  [recordUnlockedSql, 'record-attempt-unlocked'],
  [correctSql, 'correct-attempt'],
])

function failureOf(verdict: AttemptRecord['verdict']): Failure | null {
  return verdict.decision === 'delivered' ? null : verdict.failure
}

function settlementOf(
  claim: ClaimedDelivery,
  { verdict, outcome }: AttemptRecord,
  row: SettledRow,
): Settlement {
  const failure = failureOf(verdict)
  return {
    deliveryId: claim.deliveryId,
    state: row.state,
    attempts: claim.attemptNumber,
    deliveredAt: row.delivered_at?.toISOString() ?? null,
    nextAttemptAt: row.next_attempt_at?.toISOString() ?? null,
    error: failure && {
      code: failure.cause,
      message: failure.message,
      responseStatus: outcome.kind === 'answered' ? outcome.status : null,
    },
  }
}
