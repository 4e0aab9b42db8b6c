import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compareRow, type IsNullable } from './compare-row.ts'
import { readDeclaredSql, type DeclaredCall, type DeclaredSql } from './declared-rows.ts'
import * as misdeclared from './misdeclared-rows.ts'
import { recordStatements, type Recording, type RecordedStatement } from './recorded-statements.ts'
import { runAlertStatements } from './run-alert-statements.ts'
import { runDeliveryStatements } from './run-delivery-statements.ts'
import { runOperationStatements } from './run-operation-statements.ts'
import { runUpkeepStatements } from './run-upkeep-statements.ts'
import { createStatementContext, type StatementContext } from './statement-context.ts'

const repository = join(import.meta.dirname, '../../../../..')
const checkedSources = /^packages\/infrastructure\/src\/(accounts|budgets|database)\/(?!generated)/
const misdeclaredSource = /misdeclared-rows\.ts/

/**
 * Columns that a table allows to be null and that their statement's condition excludes: nothing else may be listed
 * here.
 */
const notNullByCondition = [
  'attempts/claim-delivery.ts: claim_id can be null, but is declared as not null',
  'attempts/interrupted-claims.ts: claim_id can be null, but is declared as not null',
  'attempts/store-response.ts: status can be null, but is declared as not null',
  'log/failure-groups.ts: cause can be null, but is declared as not null',
  'log/list-coming.ts: next_attempt_at can be null, but is declared as not null',
  'operations/operation-tally.ts: failure can be null, but is declared as not null',
  'operations/operation-tally.ts: reason can be null, but is declared as not null',
]

let declared: DeclaredSql
let context: StatementContext
let recording: Recording
let isNullable: IsNullable

beforeAll(async () => {
  declared = readDeclaredSql(new RegExp(`${checkedSources.source}|${misdeclaredSource.source}`))
  context = await createStatementContext()
  recording = recordStatements()
  try {
    await runDeliveryStatements(context)
    await runOperationStatements(context)
    await runAlertStatements(context)
    await runUpkeepStatements(context)
    for (const run of Object.values(misdeclared)) await run(context.database.pool)
  } finally {
    recording.stop()
  }
  isNullable = await readNullability(context)
})

afterAll(() => context.database.drop())

async function readNullability({ database }: StatementContext): Promise<IsNullable> {
  const { rows } = await database.pool.query<{ table: number; column: number; nullable: boolean }>(
    // Prisma marks no list column as `not null`; each has a default, and no statement writes null to it.
    'select attrelid as table, attnum as column, not attnotnull and attndims = 0 as nullable from pg_attribute',
  )
  const columns = new Map(rows.map(({ table, column, nullable }) => [`${table} ${column}`, nullable]))
  return (table, column) => columns.get(`${table} ${column}`) ?? null
}

const fileOf = (place: string): string =>
  place.replace(/:\d+$/, '').replace('packages/infrastructure/src/database/', '')

/** The call that declares a statement's row: the innermost one, or the caller of the generic function around it. */
function declaringCall(
  { callers }: RecordedStatement,
  calls: ReadonlyMap<string, DeclaredCall>,
): DeclaredCall | null {
  if (!calls.has(callers[0] ?? '')) return null
  return callers.flatMap((caller) => calls.get(caller) ?? []).find(({ row }) => row !== 'caller') ?? null
}

function findMismatches(files: RegExp): string[] {
  const calls = new Map(declared.calls.filter(({ at }) => files.test(at)).map((call) => [call.at, call]))
  const mismatches = recording.statements().flatMap((statement) => {
    const call = declaringCall(statement, calls)
    if (!call || call.row === null || call.row === 'caller') return []
    return compareRow(call.row, statement, isNullable).map((found) => `${fileOf(call.at)}: ${found}`)
  })
  return [...new Set(mismatches)].toSorted()
}

const normalized = (sql: string): string => sql.replaceAll(/\s+/g, ' ').trim()

/** Whether a text contains the parts of a template in their order. */
function containsParts(text: string, parts: readonly string[]): boolean {
  let from = 0
  for (const part of parts) {
    const at = text.indexOf(part, from)
    if (at < 0) return false
    from = at + part.length
  }
  return true
}

describe('the row types that the code declares', () => {
  test('have the columns, types and nulls that Postgres returns', () => {
    expect(findMismatches(checkedSources)).toEqual(notNullByCondition)
  })

  test('are declared for every statement that returns a named column', () => {
    const calls = new Map(declared.calls.map((call) => [call.at, call]))
    const undeclared = recording
      .statements()
      .filter(({ fields }) => fields.some(({ name }) => name !== '?column?' && name !== 'pg_notify'))
      .filter((statement) => declaringCall(statement, calls)?.row === null)
    expect(undeclared.map(({ callers }) => callers[0])).toEqual([])
  })

  test('are not given to the raw statements of Prisma, which nothing checks', () => {
    const raw = globSync('packages/*/src/**/*.ts', { cwd: repository })
      .filter((path) => !path.includes('generated') && !path.startsWith('packages/test-kit/'))
      .filter((path) => /\$(query|execute)Raw/.test(readFileSync(join(repository, path), 'utf8')))
    expect(raw).toEqual([])
  })
})

describe('the statements that this test runs', () => {
  test('are all that the source contains', () => {
    const texts = recording.statements().map(({ text }) => normalized(text))
    const missed = declared.literals.filter(({ parts }) => {
      const normalizedParts = parts.map(normalized)
      return !texts.some((text) => containsParts(text, normalizedParts))
    })
    expect(missed.map(({ at, parts }) => `${at}: ${normalized(parts[0] ?? '').slice(0, 60)}`)).toEqual([])
  })

  test('come from every call that declares a row type', () => {
    const ran = new Set(recording.statements().flatMap(({ callers }) => callers))
    const missed = declared.calls.filter(({ at, row }) => row !== null && !ran.has(at))
    expect(missed.map(({ at }) => at)).toEqual([])
  })
})

test('the comparison finds each misspelt, missing, undeclared, nullable and differently typed column', () => {
  const mismatches = findMismatches(misdeclaredSource).map((mismatch) => mismatch.replace(/^\S+ /, ''))
  expect(mismatches).toEqual([
    'attempts is int4, but is declared as string',
    'count is int8, but is declared as number',
    'created_at is timestamptz, but is declared as string',
    'delivered_at can be null, but is declared as not null',
    'email_to is text[], but is declared as number[]',
    'id is int4, but is declared as string',
    'name is text, but is declared as number',
    'oldest can be null, but is declared as not null',
    'profile has no colour',
    'profile.score is number in JSON, but is declared as string',
    'returns created_at, which the row type does not declare',
    'returns name, which the row type does not declare',
    'returns no column colour',
    'returns no column reciever_host',
    'returns receiver_host, which the row type does not declare',
  ])
})
