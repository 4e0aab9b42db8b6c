import type { DeclaredColumn, DeclaredType } from './declared-rows.ts'
import type { RecordedStatement } from './recorded-statements.ts'

/** The JavaScript type of a value of each Postgres type in `pg`, by OID (`select oid, typname from pg_type`). */
const valueKinds: ReadonlyMap<number, { typname: string; kind: string }> = new Map(
  Object.entries({
    string: {
      18: 'char',
      19: 'name',
      20: 'int8',
      25: 'text',
      1042: 'bpchar',
      1043: 'varchar',
      1700: 'numeric',
      2950: 'uuid',
    },
    number: { 21: 'int2', 23: 'int4', 26: 'oid', 700: 'float4', 701: 'float8' },
    boolean: { 16: 'bool' },
    date: { 1082: 'date', 1114: 'timestamp', 1184: 'timestamptz' },
    bytes: { 17: 'bytea' },
    json: { 114: 'json', 3802: 'jsonb' },
    'string[]': { 1003: 'name[]', 1009: 'text[]', 1015: 'varchar[]', 1016: 'int8[]', 2951: 'uuid[]' },
    'number[]': { 1005: 'int2[]', 1007: 'int4[]', 1021: 'float4[]', 1022: 'float8[]' },
    'boolean[]': { 1000: 'bool[]' },
    'date[]': { 1115: 'timestamp[]', 1185: 'timestamptz[]' },
  }).flatMap(([kind, types]) =>
    Object.entries(types).map(([oid, typname]) => [Number(oid), { typname, kind }]),
  ),
)

/** Whether a column of a table can be null, by table OID and column number; null if unknown. */
export type IsNullable = (tableId: number, columnId: number) => boolean | null

/** The differences between a declared row and the statement's result, one sentence each. */
export function compareRow(
  row: readonly DeclaredColumn[],
  { fields, rows }: Pick<RecordedStatement, 'fields' | 'rows'>,
  isNullable: IsNullable,
): string[] {
  const declared = new Map(row.map((column) => [column.name, column]))
  const returned = new Set(fields.map(({ name }) => name))
  const missing = row.filter(({ name }) => !returned.has(name)).map(({ name }) => `returns no column ${name}`)
  const differing = fields.flatMap(({ name, dataTypeID, tableID, columnID }) => {
    const column = declared.get(name)
    if (!column) return [`returns ${name}, which the row type does not declare`]
    const values = rows.map((one) => one[name])
    const canBeNull = isNullable(tableID, columnID) === true || values.includes(null)
    return [
      ...compareType(column, dataTypeID, values),
      ...(canBeNull && !column.isNullable ? [`${name} can be null, but is declared as not null`] : []),
    ]
  })
  return [...missing, ...differing]
}

function compareType({ name, type }: DeclaredColumn, oid: number, values: readonly unknown[]): string[] {
  const { typname, kind } = valueKinds.get(oid) ?? { typname: `of OID ${oid}`, kind: 'unknown' }
  if (type.kind === 'unknown') return []
  if (kind === 'json') return [...new Set(values.flatMap((value) => compareJson(name, type, value)))]
  const expected = type.kind === 'array' ? `${type.element.kind}[]` : type.kind
  return kind === expected ? [] : [`${name} is ${typname}, but is declared as ${expected}`]
}

/** JSON has no column description, so the values that the statement returned are compared. */
function compareJson(path: string, type: DeclaredType, value: unknown): string[] {
  if (value === null || value === undefined || type.kind === 'unknown') return []
  if (type.kind === 'array') {
    if (!Array.isArray(value)) return [`${path} is ${typeof value}, but is declared as array`]
    return value.flatMap((one) => compareJson(`${path}[]`, type.element, one))
  }
  if (typeof value !== type.kind)
    return [`${path} is ${typeof value} in JSON, but is declared as ${type.kind}`]
  return type.kind === 'object' ? compareProperties(path, type.properties, value) : []
}

function compareProperties(path: string, properties: readonly DeclaredColumn[], value: object): string[] {
  return properties.flatMap(({ name, type, isNullable, isOptional }) => {
    const found: unknown = (value as Record<string, unknown>)[name]
    if (found === undefined && !isOptional) return [`${path} has no ${name}`]
    if (found === null && !isNullable) return [`${path}.${name} can be null, but is declared as not null`]
    return compareJson(`${path}.${name}`, type, found)
  })
}
