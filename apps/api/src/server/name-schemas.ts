import * as accounts from '@ghostpost/delivery/contract/accounts'
import * as alerts from '@ghostpost/delivery/contract/alerts'
import * as apiKeys from '@ghostpost/delivery/contract/api-keys'
import * as audit from '@ghostpost/delivery/contract/audit'
import * as credentials from '@ghostpost/delivery/contract/credentials'
import * as deliveryLog from '@ghostpost/delivery/contract/delivery-log'
import * as delivery from '@ghostpost/delivery/contract/delivery'
import * as destination from '@ghostpost/delivery/contract/destination'
import * as errors from '@ghostpost/delivery/contract/errors'
import * as failures from '@ghostpost/delivery/contract/failures'
import * as health from '@ghostpost/delivery/contract/health'
import * as mapping from '@ghostpost/delivery/contract/mapping'
import * as operations from '@ghostpost/delivery/contract/operations'
import * as segment from '@ghostpost/delivery/contract/segment'
import * as session from '@ghostpost/delivery/contract/session'
import * as stats from '@ghostpost/delivery/contract/stats'
import * as stream from '@ghostpost/delivery/contract/stream'
import * as system from '@ghostpost/delivery/contract/system'
import * as visitor from '@ghostpost/delivery/contract/visitor'
import * as visitorRecord from '@ghostpost/delivery/contract/visitor-record'
import * as webhook from '@ghostpost/delivery/contract/webhook'
import { requestExamples } from './request-examples.ts'

const modules: readonly object[] = [
  accounts,
  alerts,
  apiKeys,
  audit,
  credentials,
  deliveryLog,
  delivery,
  destination,
  errors,
  failures,
  health,
  mapping,
  operations,
  segment,
  session,
  stats,
  stream,
  system,
  visitor,
  visitorRecord,
  webhook,
]

type Json = Record<string, unknown>

/** The names of the contract's schemas: those of their constants. */
function namesOfSchemas(): ReadonlyMap<string, string> {
  const named = modules
    .flatMap((one) => Object.entries(one))
    .filter(([name, value]) => /^[A-Z][A-Za-z]+$/.test(name) && isSchema(value))
  return new Map(named.map(([name, value]) => [keyOf(value as Json), name]))
}

function isSchema(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('type' in value || 'enum' in value)
}

/** Two schemas are the same when only their own descriptions and examples differ. */
function keyOf(schema: Json): string {
  return JSON.stringify(
    normal({ ...schema, description: undefined, example: undefined, examples: undefined }),
  )
}

/** The OpenAPI plug-in writes constants and records in another way, and keywords in another order. */
function normal(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(normal)
  if (typeof node !== 'object' || node === null) return node
  const entries = Object.entries(node).map(([key, value]): [string, unknown] => {
    if (key === 'const') return ['enum', [value]]
    const isRecord = key === 'patternProperties'
    return isRecord ? ['additionalProperties', normal(Object.values(value as Json)[0])] : [key, normal(value)]
  })
  return Object.fromEntries(entries.toSorted(([one], [other]) => (one < other ? -1 : 1)))
}

/**
 * Replaces the schemas in the paths of an OpenAPI document by references to components, so that generated types have
 * names. The validators keep the schemas as they are.
 */
export function nameSchemas<Document extends { paths?: object; components?: object }>(
  document: Document,
): Document {
  const nameOfSchema = namesOfSchemas()
  const schemas: Json = {}
  const replace = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(replace)
    if (typeof node !== 'object' || node === null) return node
    const name = nameOfSchema.get(keyOf(node as Json))
    if (name === undefined) return mapValues(node, replace)
    // Set before its parts are replaced, which may contain no schema that contains it.
    if (!(name in schemas)) {
      const example = requestExamples[name]
      schemas[name] = { ...mapValues(node, replace), ...(example !== undefined && { examples: [example] }) }
    }
    return { $ref: `#/components/schemas/${name}` }
  }
  const paths = replace(document.paths ?? {}) as object
  return { ...document, paths, components: { ...document.components, schemas } }
}

function mapValues(node: object, map: (value: unknown) => unknown): Json {
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, map(value)]))
}
