import * as fc from 'fast-check'
import { anyUrl } from '../../../delivery/test/text/any-text.ts'

/** The part of a JSON schema that the generator uses. */
type TypeName = 'object' | 'array' | 'integer' | 'number' | 'boolean' | 'null' | 'string'

interface JsonSchema {
  type?: TypeName | TypeName[]
  enum?: unknown[]
  const?: unknown
  anyOf?: JsonSchema[]
  properties?: Record<string, JsonSchema>
  required?: string[]
  pattern?: string
  maxLength?: number
  minimum?: number
  maximum?: number
  items?: JsonSchema
}

export interface Operation {
  parameters?: { name: string; in: 'path' | 'query' | 'header'; schema: JsonSchema; required?: boolean }[]
  requestBody?: { content: Record<string, { schema: JsonSchema }> }
  responses: Record<string, { content?: Record<string, { schema: JsonSchema }> }>
}

export interface FuzzedRequest {
  path: string
  headers: Record<string, string>
  body: string | null
}

/** Values that often break things: wrong types, empty, huge, and text that databases and parsers stumble over. */
const oddValues: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  2 ** 53,
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '%00',
  "'; drop table deliveries; --",
  '../../etc/passwd',
  '${jndi:ldap://x}',
  'x'.repeat(5_000),
  '💥'.repeat(300),
  [],
  {},
  [[[[[]]]]],
  { __proto__x: 1, constructor: { prototype: 1 } },
]
const odd = fc.constantFrom(...oddValues)
const oddText = odd.filter((value) => typeof value === 'string')

/**
 * Generates requests for one operation: some are as documented, most have a fault.
 * @param known values of fields and parameters for which an object exists
 */
export function requestsFor(
  path: string,
  operation: Operation,
  known: Readonly<Record<string, readonly string[]>>,
): fc.Arbitrary<FuzzedRequest> {
  const { parameters = [], requestBody } = operation
  const within = (location: string) => parameters.filter((parameter) => parameter.in === location)
  const schema = requestBody?.content['application/json']?.schema
  return fc
    .record({
      path: recordOf(within('path'), known),
      query: recordOf(within('query'), known),
      headers: recordOf(within('header'), known),
      extraQuery: fc.option(fc.tuple(fc.stringMatching(/^[a-z]{1,5}$/), oddText), { freq: 4 }),
      oddHeaders: fc.constantFrom<Record<string, string>[]>(
        {},
        {},
        {},
        {},
        {},
        { accept: 'text/html' },
        { 'content-type': 'text/plain' },
        { 'content-type': 'application/json; charset=utf-16' },
        { origin: 'https://evil.example' },
        { 'x-forwarded-for': 'not, an, address' },
        { range: 'bytes=0-1' },
        { 'accept-encoding': 'zip;q=x' },
        { 'x-http-method-override': 'DELETE' },
      ),
      body: bodyOf(schema, known),
    })
    .map((parts) => assemble(path, parts))
}

interface Parts {
  path: Record<string, unknown>
  query: Record<string, unknown>
  headers: Record<string, unknown>
  extraQuery: [string, unknown] | null
  oddHeaders: Record<string, string>
  body: string | null
}

function assemble(path: string, parts: Parts): FuzzedRequest {
  const filled = path.replace(/\{(\w+)\}/g, (_all, name: string) => encode(parts.path[name]))
  const query = { ...parts.query, ...(parts.extraQuery && { [parts.extraQuery[0]]: parts.extraQuery[1] }) }
  const search = Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .join('&')
  const headers = Object.entries(parts.headers).map(([name, value]) => [name, headerText(value)] as const)
  return {
    path: search === '' ? filled : `${filled}?${search}`,
    headers: {
      ...(parts.body !== null && { 'content-type': 'application/json' }),
      ...Object.fromEntries(headers.filter(([, value]) => value !== '')),
      ...parts.oddHeaders,
    },
    body: parts.body,
  }
}

/** Encodes a path segment. It is never empty, because an empty segment is another route. */
function encode(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'x')
  return encodeURIComponent(text.toWellFormed().slice(0, 3_000) || 'x').replaceAll('.', '%2E')
}

/** Removes the characters that HTTP does not allow in a header value. */
function headerText(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return text
    .replace(/[^\t\x20-\x7e]/g, '')
    .slice(0, 3_000)
    .trim()
}

type Known = Parameters<typeof requestsFor>[2]

function recordOf(
  parameters: NonNullable<Operation['parameters']>,
  known: Known,
): fc.Arbitrary<Record<string, unknown>> {
  return fc.record(
    Object.fromEntries(
      parameters.map(({ name, schema, required }) => [
        name,
        required ? fieldOf(name, schema, known) : fc.option(fieldOf(name, schema, known), { nil: undefined }),
      ]),
    ),
  )
}

function bodyOf(schema: JsonSchema | undefined, known: Known): fc.Arbitrary<string | null> {
  const broken = fc.constantFrom('{', 'null', '[]', '"x"', '', '{"a":', `"${'x'.repeat(70_000)}"`)
  if (!schema) return fc.option(fc.oneof(broken, fc.constant('{}')), { nil: null, freq: 4 })
  const whole = fc.oneof({ weight: 20, arbitrary: objectOf(schema, known) }, { weight: 1, arbitrary: odd })
  const encoded = whole.map((value) => JSON.stringify(value) ?? '')
  return fc.oneof({ weight: 12, arbitrary: encoded }, { weight: 1, arbitrary: broken })
}

/** If values are known for the field, half of the results are known ones. */
function fieldOf(name: string, schema: JsonSchema, known: Known): fc.Arbitrary<unknown> {
  const values = known[name]
  return values ? fc.oneof(fc.constantFrom(...values), valueOf(schema)) : valueOf(schema)
}

/** One in eight values does not fit the schema. */
function valueOf(schema: JsonSchema): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 7, arbitrary: validValue(schema) }, { weight: 1, arbitrary: odd })
}

function validValue(schema: JsonSchema): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(validValue))
  const { type } = schema
  if (Array.isArray(type)) return fc.oneof(...type.map((one) => validValue({ ...schema, type: one })))
  switch (type) {
    case 'object':
      return objectOf(schema, {})
    case 'array':
      return fc.array(valueOf(schema.items ?? {}), { maxLength: 5 })
    case 'integer':
    case 'number':
      return fc.integer({ min: schema.minimum ?? -5, max: Math.min(schema.maximum ?? 100, 2 ** 31 - 1) })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'string':
      return textOf(schema)
    case undefined:
      return odd
    default:
      throw new Error(`Unknown type ${String(type)}`)
  }
}

function objectOf({ properties = {}, required = [] }: JsonSchema, known: Known): fc.Arbitrary<unknown> {
  const fields = fc.record(
    Object.fromEntries(
      Object.entries(properties).map(([name, schema]) => [name, fieldOf(name, schema, known)]),
    ),
    { requiredKeys: required },
  )
  const extra = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), odd, { maxKeys: 2 })
  if (Object.keys(properties).length === 0) return extra
  return fc.oneof(
    { weight: 6, arbitrary: fields },
    { weight: 1, arbitrary: fc.tuple(fields, extra).map(([own, more]) => ({ ...more, ...own })) },
  )
}

function textOf({ pattern, maxLength = 40 }: JsonSchema): fc.Arbitrary<string> {
  if (pattern) return fc.stringMatching(new RegExp(pattern)).map((text) => text.slice(0, 200))
  return fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: Math.min(maxLength, 40) }),
    anyUrl(),
    fc.uuid(),
  )
}
