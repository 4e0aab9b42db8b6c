import { createHash } from 'node:crypto'
import { InvalidArgumentError } from 'commander'

/** A row of a CSV file: the cell of each column. */
export type Cells = Readonly<Record<string, string>>

/** Where the columns of a file go. */
export interface ColumnMap {
  /** Column → field of the visitor, or `traits.` and the name of a trait. */
  fields: ReadonlyMap<string, string>
  /** The column that ids are made from; null when a column has the ids themselves. */
  idFrom: string | null
  /** The `last_seen` of rows without one. */
  lastSeen: string
}

const textFields = [
  'ghost_vid',
  'last_seen',
  'first_seen',
  'identified_user_id',
  'name',
  'company',
  'country',
  'city',
  'device_type',
  'browser',
] as const
const numberFields: readonly string[] = ['score', 'total_sessions', 'total_pageviews', 'total_time_seconds']
const fieldNames: readonly string[] = [...textFields, ...numberFields]
const traitField = /^traits\.\S+$/

/** Adds a `--map column=field` to those before it. */
export function parseMapping(
  text: string,
  before: ReadonlyMap<string, string> = new Map(),
): Map<string, string> {
  const at = text.lastIndexOf('=')
  const [column, field] = [text.slice(0, at).trim(), text.slice(at + 1).trim()]
  if (at < 1 || !(fieldNames.includes(field) || traitField.test(field)))
    throw new InvalidArgumentError(
      `Use column=field, with a field of ${fieldNames.join(', ')} or traits.<name>.`,
    )
  return new Map([...before, [column, field]])
}

/** The map of a file: columns that have the name of a field go there by themselves. */
export function mapColumns(
  columns: readonly string[],
  {
    mapped,
    idFrom,
    lastSeen,
  }: { mapped: ReadonlyMap<string, string>; idFrom: string | null; lastSeen: string },
): ColumnMap | { problem: string } {
  const missing = [...mapped.keys(), ...(idFrom === null ? [] : [idFrom])].filter(
    (one) => !columns.includes(one),
  )
  if (missing.length > 0)
    return { problem: `The file has no column ${missing.join(', ')}. It has: ${columns.join(', ')}.` }
  const taken = new Set(mapped.values())
  const own = columns.filter((one) => isField(one) && !mapped.has(one) && !taken.has(one))
  const fields = new Map([...mapped, ...own.map((one) => [one, one] as const)])
  if (idFrom === null && ![...fields.values()].includes('ghost_vid'))
    return { problem: 'No column has the ids: use --map <column>=ghost_vid, or --id-from <column>.' }
  return { fields, idFrom, lastSeen }
}

function isField(column: string): boolean {
  return fieldNames.includes(column) || traitField.test(column)
}

/** The visitor of a row. The API checks it; a number that is none stays text, and is refused there. */
export function visitorOfCells(
  cells: Cells,
  { fields, idFrom, lastSeen }: ColumnMap,
): Record<string, unknown> {
  const visitor: Record<string, unknown> = { last_seen: lastSeen }
  const traits: Record<string, string> = {}
  for (const [column, field] of fields) {
    const cell = cells[column]?.trim() ?? ''
    if (cell === '') continue
    if (field.startsWith('traits.')) traits[field.slice('traits.'.length)] = cell
    else visitor[field] = numberFields.includes(field) && /^-?\d+$/.test(cell) ? Number(cell) : cell
  }
  if (Object.keys(traits).length > 0) visitor['traits'] = traits
  const source = idFrom === null ? '' : (cells[idFrom]?.trim() ?? '')
  return source === '' ? visitor : { ...visitor, ghost_vid: idOf(source) }
}

/** The same id for the same text, such as an e-mail address, which it does not reveal at sight. */
function idOf(source: string): string {
  return `gv_${createHash('sha256').update(source.toLowerCase()).digest('base64url').slice(0, 32)}`
}
