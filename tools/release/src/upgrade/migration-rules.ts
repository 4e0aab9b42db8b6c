/** A statement that breaks the previous release or blocks its traffic. */
export interface Violation {
  statement: string
  reason: string
}

/**
 * The reason of a contract migration; null for another one. A contract migration removes what no release in use needs,
 * and gives the reason in its first comment: `-- contract: no release since 1.2 reads this column`. No rule applies to
 * it.
 */
export function contractReason(sql: string): string | null {
  return /^--[ \t]*contract:[ \t]*(\S.{9,})$/m.exec(sql.split('\n\n')[0] ?? '')?.[1] ?? null
}

/**
 * Checks that a migration only expands the schema: the previous release keeps running on the new schema, and no table in
 * use is locked for longer than a moment.
 * @param earlier the text of all migrations before it, which may have created what it changes
 */
export function findViolations(sql: string, earlier: readonly string[]): Violation[] {
  const statements = statementsOf(sql)
  const context: Context = {
    tables: new Set(statements.flatMap((one) => namesIn(one, createdTable))),
    columns: new Set(
      statements.flatMap((one) => [...one.matchAll(addedColumn)].map(([, name]) => name ?? '')),
    ),
    uniqueIndexes: new Set(
      [...earlier.flatMap(statementsOf), ...statements].flatMap((one) => namesIn(one, createdUniqueIndex)),
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
  /** Tables that this migration creates; no release uses them yet. */
  tables: ReadonlySet<string>
  columns: ReadonlySet<string>
  uniqueIndexes: ReadonlySet<string>
  /** A migration with one statement runs outside a transaction. */
  isOnlyStatement: boolean
}

const createdTable = /^create table (?:if not exists )?(\S+)/
const createdUniqueIndex = /^create unique index (?:concurrently )?(?:if not exists )?(\S+)/
const addedColumn = /\badd column (?:if not exists )?(\S+)/g

const namesIn = (statement: string, form: RegExp): string[] => form.exec(statement)?.slice(1) ?? []

const forbidden: readonly (readonly [form: RegExp, why: string])[] = [
  [/^drop (table|view|schema|type|sequence|function|trigger)\b/, 'the previous release may use it'],
  [/\bdrop (column|constraint)\b/, 'the previous release may use it'],
  [/\brename (to|column|constraint)\b/, 'the previous release uses the old name'],
  [/^(truncate|delete)\b/, 'removed rows cannot be restored'],
  [/^update\b/, 'one update of all rows blocks writers: fill them from the worker, in batches'],
  [
    /\balter column \S+ (set data )?type\b/,
    'it rewrites the table, and the previous release uses the old type',
  ],
  [/\balter column \S+ set not null\b/, 'the previous release may write null'],
  [/\balter column \S+ drop default\b/, 'the previous release may leave it out'],
]

function forbiddenReason(statement: string): string | null {
  return forbidden.find(([form]) => form.test(statement))?.[1] ?? null
}

function indexViolation(statement: string, context: Context): string | null {
  const [dropped = ''] = namesIn(statement, /^drop index (?:concurrently )?(?:if exists )?(\S+)/)
  if (context.uniqueIndexes.has(dropped)) return 'the previous release may rely on unique values'
  const [, unique, concurrently, table = ''] =
    /^create (unique )?index (concurrently )?.*? on (\S+?) ?\(/.exec(statement) ?? []
  if (table === '' || context.tables.has(table)) return null
  if (unique !== undefined) return 'the previous release may write the same twice'
  if (concurrently === undefined) return 'it blocks writers: create it concurrently'
  return context.isOnlyStatement
    ? null
    : 'a concurrent index must be the only statement of its file, which then runs outside a transaction'
}

/** Checks an `alter table` of a table in use. */
function alterViolation(statement: string, context: Context): string | null {
  const [table = ''] = namesIn(statement, /^alter table (?:only )?(\S+)/)
  if (table === '' || context.tables.has(table)) return null
  const added = statement.split(/, ?(?=add )/).filter((action) => /\badd column\b/.test(action))
  if (added.some((action) => /\bnot null\b/.test(action) && !/\b(default|generated)\b/.test(action)))
    return 'the previous release does not fill it: give it a default, or allow null'
  if (added.some((action) => /\bstored\b/.test(action)))
    return 'it rewrites the table, which nobody can read meanwhile'
  const [constraint] = namesIn(statement, /\badd (?:constraint \S+ )?(check|unique|exclude|primary key)\b/)
  if (constraint !== undefined) return `a new ${constraint} may refuse what the previous release writes`
  const [column] = namesIn(statement, /\bforeign key \((\S+?)\)/)
  if (column === undefined) return null
  if (!context.columns.has(column)) return 'a new foreign key may refuse what the previous release writes'
  return /\bon delete (cascade|set null)\b/.test(statement)
    ? null
    : 'a new foreign key may refuse what the previous release deletes'
}

/** The statements of a file in lower case, one line each, without comments and without quotes around names. */
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

/** Empties strings: no rule depends on their content, which may look like a statement. */
function normalise(part: string): string {
  if (/^['$].+/s.test(part)) return `''`
  return part.replaceAll('"', '').toLowerCase()
}
