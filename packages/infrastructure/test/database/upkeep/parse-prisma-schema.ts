/** The tables that `schema.prisma` describes, each as lines such as `column site_id integer not null`. */
export type TableLines = Readonly<Record<string, readonly string[]>>

interface Field {
  name: string
  type: string
  /** `?` for null, `[]` for a list, else empty. */
  modifier: string
  attributes: string
}

interface Model {
  name: string
  table: string
  fields: readonly Field[]
  /** Lines such as `@@index([siteId])`. */
  blocks: readonly string[]
}

const columnTypes: Readonly<Record<string, string>> = {
  BigInt: 'bigint',
  Boolean: 'boolean',
  Bytes: 'bytea',
  Float: 'double precision',
  Int: 'integer',
  Json: 'jsonb',
  String: 'text',
}

/** Reads the part of Prisma's schema language that this project uses. */
export function parsePrismaSchema(text: string): TableLines {
  const models = [...text.matchAll(/^model (\w+) \{\n(.*?)^\}/gms)].map(([, name = '', body = '']) =>
    parseModel(name, body),
  )
  return Object.fromEntries(models.map((model) => [model.table, linesOf(model, models)]))
}

function parseModel(name: string, body: string): Model {
  const lines = body.split('\n').map((line) => line.trim())
  const fields = lines.flatMap((line) => {
    const [, field = '', type = '', modifier = '', attributes = ''] =
      /^(\w+)\s+(\w+)(\?|\[\])?(.*)$/.exec(line) ?? []
    return field ? [{ name: field, type, modifier, attributes }] : []
  })
  const blocks = lines.filter((line) => line.startsWith('@@'))
  return { name, table: /@@map\("(\w+)"\)/.exec(body)?.[1] ?? name, fields, blocks }
}

function linesOf({ fields, blocks }: Model, models: readonly Model[]): string[] {
  const isRelation = ({ type }: Field): boolean => models.some(({ name }) => name === type)
  const columns = fields.filter((field) => !isRelation(field))
  const nameOf = (field: string): string => {
    const found = columns.find(({ name }) => name === field)
    return found ? columnNameOf(found) : field
  }
  return [
    ...columns.map(columnLine),
    ...columns.flatMap((field) => keyLine(field)),
    ...blocks.flatMap((block) => indexLine(block, nameOf)),
    ...fields.filter(isRelation).flatMap((field) => foreignKeyLine(field, nameOf, models)),
  ].toSorted()
}

function columnNameOf({ name, attributes }: Field): string {
  return /@map\("(\w+)"\)/.exec(attributes)?.[1] ?? name
}

function columnLine(field: Field): string {
  const { modifier, attributes } = field
  // Prisma's own migrations leave list columns nullable. A UUID of version 7 is made by Prisma, not by the database.
  const isNullable = modifier !== ''
  const hasDefault = attributes.includes('@default(') && !attributes.includes('@default(uuid(')
  return [
    `column ${columnNameOf(field)}`,
    columnTypeOf(field),
    ...(isNullable ? [] : ['not null']),
    ...(hasDefault ? ['default'] : []),
  ].join(' ')
}

function columnTypeOf({ type, modifier, attributes }: Field): string {
  if (/@db\.Json\b/.test(attributes)) return 'json'
  if (attributes.includes('@db.Uuid')) return 'uuid'
  const precision = /@db\.Timestamptz\((\d)\)/.exec(attributes)?.[1]
  if (precision !== undefined) return `timestamp(${precision}) with time zone`
  return `${columnTypes[type] ?? type}${modifier === '[]' ? '[]' : ''}`
}

function keyLine(field: Field): string[] {
  if (/@id\b/.test(field.attributes)) return [`primary key (${columnNameOf(field)})`]
  return /@unique\b/.test(field.attributes) ? [`unique (${columnNameOf(field)})`] : []
}

function indexLine(block: string, nameOf: (field: string) => string): string[] {
  const [, kind = '', list] = /^@@(id|unique|index)\(\[(.*)\]\)/.exec(block) ?? []
  if (list === undefined) return []
  const columns = list.split(/,\s*/).map((column) => {
    const [, field = '', order] = /^(\w+)(\(sort: Desc\))?/.exec(column) ?? []
    return nameOf(field) + (order ? ' desc' : '')
  })
  return [`${kind === 'id' ? 'primary key' : kind} (${columns.join(', ')})`]
}

function foreignKeyLine(
  { type, attributes }: Field,
  nameOf: (field: string) => string,
  models: readonly Model[],
): string[] {
  const [, field, action] = /@relation\(fields: \[(\w+)\].*onDelete: (\w+)/.exec(attributes) ?? []
  if (field === undefined) return []
  const target = models.find(({ name }) => name === type)?.table
  return [
    `foreign key (${nameOf(field)}) to ${target} on delete ${action === 'SetNull' ? 'set null' : 'cascade'}`,
  ]
}
