/** What a migration does that the release before it could not live with, or that would hold up its traffic. */
export interface Violation {
  statement: string
  reason: string
}

/**
 * A migration that takes something away, once nothing in use needs it any more, says so and why in its first comment:
 * `-- contract: no release since 1.2 reads this column`. It is not held against the rules.
 */
export function contractReason(sql: string): string | null {
  return /^--[ \t]*contract:[ \t]*(\S.{9,})$/m.exec(sql.split('\n\n')[0] ?? '')?.[1] ?? null
}

/**
 * Holds a migration against expand-only: the previous release goes on running on what it makes, and what is in use is
 * locked for no longer than an instant.
 * @param earlier all migrations before it, for what they made
 */
export function findViolations(sql: string, earlier: readonly string[]): Violation[] {
  const statements = statementsOf(sql)
  const context: Context = {
    tables: new Set(statements.flatMap((one) => namesIn(one, tableMade))),
    columns: new Set(
      statements.flatMap((one) => [...one.matchAll(columnAdded)].map(([, name]) => name ?? '')),
    ),
    uniqueIndexes: new Set(
      [...earlier.flatMap(statementsOf), ...statements].flatMap((one) => namesIn(one, uniqueIndexMade)),
    ),
    isOnlyStatement: statements.length === 1,
  }
  return statements.flatMap((statement) => {
    const reason =
      forbiddenReason(statement) ?? indexViolation(statement, context) ?? alterViolation(statement, context)
    return reason === null ? [] : [{ statement: statement.slice(0, 120), reason }]
  })
}

interface Context {
  /** Made by this migration: nobody uses them yet. */
  tables: ReadonlySet<string>
  columns: ReadonlySet<string>
  uniqueIndexes: ReadonlySet<string>
  /** The only statement of its file, which runs outside a transaction. */
  isOnlyStatement: boolean
}

const tableMade = /^create table (?:if not exists )?(\S+)/
const uniqueIndexMade = /^create unique index (?:concurrently )?(?:if not exists )?(\S+)/
const columnAdded = /\badd column (?:if not exists )?(\S+)/g

const namesIn = (statement: string, form: RegExp): string[] => form.exec(statement)?.slice(1) ?? []

const forbidden: readonly (readonly [form: RegExp, why: string])[] = [
  [/^drop (table|view|schema|type|sequence|function|trigger)\b/, 'the previous release may use it'],
  [/\bdrop (column|constraint)\b/, 'the previous release may use it'],
  [/\brename (to|column|constraint)\b/, 'the previous release knows it by its old name'],
  [/^(truncate|delete)\b/, 'what is removed cannot be had back'],
  [/^update\b/, 'all rows at once hold up those who write: fill them from the worker, in batches'],
  [
    /\balter column \S+ (set data )?type\b/,
    'it rewrites the table, and the previous release knows the old type',
  ],
  [/\balter column \S+ set not null\b/, 'the previous release may write null'],
  [/\balter column \S+ drop default\b/, 'the previous release may leave it out'],
]

function forbiddenReason(statement: string): string | null {
  return forbidden.find(([form]) => form.test(statement))?.[1] ?? null
}

function indexViolation(statement: string, context: Context): string | null {
  const [dropped = ''] = namesIn(statement, /^drop index (?:concurrently )?(?:if exists )?(\S+)/)
  if (context.uniqueIndexes.has(dropped)) return 'the previous release may rely on its being unique'
  const [, unique, concurrently, table = ''] =
    /^create (unique )?index (concurrently )?.*? on (\S+?) ?\(/.exec(statement) ?? []
  if (table === '' || context.tables.has(table)) return null
  if (unique !== undefined) return 'the previous release may write the same twice'
  if (concurrently === undefined) return 'nobody can write meanwhile: create it concurrently'
  return context.isOnlyStatement
    ? null
    : 'what is concurrent must be alone in its file, outside a transaction'
}

/** What may be done to a table that is in use. */
function alterViolation(statement: string, context: Context): string | null {
  const [table = ''] = namesIn(statement, /^alter table (?:only )?(\S+)/)
  if (table === '' || context.tables.has(table)) return null
  const added = statement.split(/, ?(?=add )/).filter((action) => /\badd column\b/.test(action))
  if (added.some((action) => /\bnot null\b/.test(action) && !/\b(default|generated)\b/.test(action)))
    return 'the previous release does not fill it: give it a default, or let it be null'
  if (added.some((action) => /\bstored\b/.test(action)))
    return 'it rewrites the table while nobody can read it'
  const [constraint] = namesIn(statement, /\badd (?:constraint \S+ )?(check|unique|exclude|primary key)\b/)
  if (constraint !== undefined) return `a new ${constraint} may refuse what the previous release writes`
  const [column] = namesIn(statement, /\bforeign key \((\S+?)\)/)
  if (column === undefined) return null
  if (!context.columns.has(column)) return 'a new foreign key may refuse what the previous release writes'
  return /\bon delete (cascade|set null)\b/.test(statement)
    ? null
    : 'a new foreign key may refuse what the previous release deletes'
}

/** The statements of a file in lower case, without comments and quotes around names, on one line each. */
export function statementsOf(sql: string): string[] {
  const parts = sql.matchAll(
    /--[^\n]*|\/\*[\s\S]*?\*\/|(\$\w*\$)[\s\S]*?\1|'(?:[^']|'')*'|"[^"]*"|;|[^-/$'";]+|[-/$]/g,
  )
  const statements = ['']
  for (const [part] of parts) {
    if (part === ';') statements.push('')
    else if (!/^(--|\/\*)/.test(part)) statements[statements.length - 1] += normalise(part)
  }
  return statements.map((one) => one.replaceAll(/\s+/g, ' ').trim()).filter(Boolean)
}

/** A string's content decides nothing, and must not look like a statement. */
function normalise(part: string): string {
  if (/^['$].+/s.test(part)) return `''`
  return part.replaceAll('"', '').toLowerCase()
}
