import { isDeepStrictEqual } from 'node:util'
import openapiTS, { astToString } from 'openapi-typescript'
import { inlinePaths } from '../contract/inline-refs.ts'

type Fields = Record<string, unknown>

/** Generates the client's types from the OpenAPI document of the API. */
export async function generatePaths(served: Fields): Promise<string> {
  const { openapi, info } = served
  const paths = withoutNames(inlinePaths(served))
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

const heading = `// Generated from the API's OpenAPI document by packages/e2e/test/client/paths.test.ts.
// Regenerate it with: npm test -- client/paths -u

`

/** The client calls paths; a second list of operations would only make the file longer. */
function withoutNames(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutNames)
  if (typeof node !== 'object' || node === null) return node
  const entries = Object.entries(node).filter(([key]) => key !== 'operationId')
  return Object.fromEntries(entries.map(([key, value]) => [key, withoutNames(value)]))
}

/** The schema of a refusal, which is the same in every route. */
function problemIn(paths: Fields): unknown {
  const session = paths['/api/session'] as { post: { responses: Fields } }
  return schemaOf(session.post.responses['400'])
}

/** Replaces the refusals of each status by one default response: the file becomes a tenth of the size. */
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
  // The description of each status lists its error codes.
  return schema && { ...schema, description: undefined }
}

interface Response {
  content?: Record<string, { schema?: object }>
}
