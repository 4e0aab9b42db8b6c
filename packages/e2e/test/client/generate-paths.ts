import { isDeepStrictEqual } from 'node:util'
import openapiTS, { astToString } from 'openapi-typescript'

type Fields = Record<string, unknown>

/** The client's types, made from the OpenAPI document of the API. */
export async function generatePaths({ openapi, info, paths }: Fields): Promise<string> {
  const schema = problemIn(paths as Fields)
  const document = {
    openapi,
    info,
    paths: withOneProblem(paths, schema),
    components: { schemas: { Problem: schema } },
  }
  const nodes = await openapiTS(JSON.stringify(document), { alphabetize: true, defaultNonNullable: false })
  return `${heading}${astToString(nodes)}`
}

const heading = `// Made from the API's own OpenAPI document by packages/e2e/test/client/paths.test.ts, which fails when they differ.
// Write it again with: npm test -- client/paths -u

`

/** Any refusal is like all others. */
function problemIn(paths: Fields): unknown {
  const session = paths['/api/session'] as { post: { responses: Fields } }
  return schemaOf(session.post.responses['400'])
}

/** Each route repeats the same refusal for each status: said once it is a tenth of the size. */
function withOneProblem(node: unknown, problem: unknown): unknown {
  if (Array.isArray(node)) return node.map((one) => withOneProblem(one, problem))
  if (typeof node !== 'object' || node === null) return node
  const entries = Object.entries(node).filter(([, value]) => !isProblem(value, problem))
  const changed = entries.map(([key, value]): [string, unknown] => [key, withOneProblem(value, problem)])
  const dropped = entries.length < Object.keys(node).length
  return Object.fromEntries(dropped ? [...changed, ['default', refusal]] : changed)
}

const refusal = {
  description: 'Refused, or failed.',
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } },
}

function isProblem(response: unknown, problem: unknown): boolean {
  return isDeepStrictEqual(schemaOf(response) ?? null, problem)
}

function schemaOf(response: unknown): unknown {
  const { schema } = (response as Response | null)?.content?.['application/json'] ?? {}
  // Which codes a status may mean is told in the description of each.
  return schema && { ...schema, description: undefined }
}

interface Response {
  content?: Record<string, { schema?: object }>
}
