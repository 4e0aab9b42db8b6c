import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client, Pool, type FieldDef, type QueryResult } from 'pg'

/** A statement that ran. */
export interface RecordedStatement {
  text: string
  /** The callers in this repository, innermost first, as `packages/…/file.ts:line`. */
  callers: readonly string[]
  fields: readonly FieldDef[]
  rows: readonly Record<string, unknown>[]
}

export interface Recording {
  /** Each text once per caller and number of rows: none, or some. */
  statements: () => readonly RecordedStatement[]
  stop: () => void
}

const repository = join(import.meta.dirname, '../../../../..')
const rowsKept = 20

type Query = (this: unknown, ...parameters: unknown[]) => unknown

/** Records what every pool and client of this process runs and returns, until `stop`. */
export function recordStatements(): Recording {
  const recorded = new Map<string, RecordedStatement>()
  const record = (text: string, callers: readonly string[], result: QueryResult): void => {
    const key = `${callers[0]} ${result.rows.length > 0} ${text}`
    const rows = (result.rows as Record<string, unknown>[]).slice(0, rowsKept)
    if (!recorded.has(key)) recorded.set(key, { text, callers, fields: result.fields, rows })
  }
  const stops = [Pool.prototype, Client.prototype].map((prototype) => patch(prototype as never, record))
  return {
    statements: () => [...recorded.values()],
    stop: () => {
      for (const stop of stops) stop()
    },
  }
}

function patch(
  prototype: { query: Query },
  record: (text: string, callers: readonly string[], result: QueryResult) => void,
): () => void {
  const { query } = prototype
  prototype.query = function (...parameters) {
    const callers = readCallers()
    const returned = query.apply(this, parameters)
    // A pool calls its client with a callback: that statement is recorded at the pool.
    if (!(returned instanceof Promise)) return returned
    const [statement] = parameters as [string | { text: string }]
    const text = typeof statement === 'string' ? statement : statement.text
    return returned.then((result: QueryResult | QueryResult[]) => {
      if (!Array.isArray(result)) record(text, callers, result)
      return result
    })
  }
  return () => void (prototype.query = query)
}

/** The call stack's files of this repository; the asynchronous callers are among them. */
function readCallers(): string[] {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 30
  const { stack = '' } = new Error('call stack')
  Error.stackTraceLimit = limit
  return [...stack.matchAll(/((?:file:\/\/)?\/[^\s():]+\.ts):(\d+):\d+/g)]
    .map(([, file = '', line]) => `${relative(repository, pathOf(file))}:${line}`)
    .filter((caller) => !caller.startsWith('..') && !/node_modules|recorded-statements/.test(caller))
}

function pathOf(file: string): string {
  return file.startsWith('file:') ? fileURLToPath(file) : file
}
