import { Ajv2020 } from 'ajv/dist/2020.js'
import { callApi, type ApiResponse } from '@ghostpost/test-kit/processes/call-api'
import type { Operation } from './fuzz-requests.ts'
import { inlinePaths } from './inline-refs.ts'
import type { Stack } from '@ghostpost/test-kit/processes/start-stack'

/** The API's own OpenAPI document, to check its responses. */
export interface ApiDocument {
  /** @param url as in the route table */
  operation: (method: string, url: string) => Operation
  /** How a response differs from the document; null if it does not. */
  problemWith: (operation: Operation, response: ApiResponse) => string | null
}

/** Reads the document from a running API. */
export async function readDocument(stack: Pick<Stack, 'api' | 'session'>): Promise<ApiDocument> {
  const { body } = await callApi(stack, '/openapi.json', { session: null })
  const paths = inlinePaths(body ?? {}) as Record<string, Record<string, Operation>>
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  return {
    operation: (method, url) => {
      const operation = paths[url.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()]
      if (!operation) throw new Error(`${method} ${url} is not in the document.`)
      return operation
    },
    problemWith: ({ responses }, response) => {
      const documented = responses[response.status]
      if (!documented) return `${response.status} is not documented: ${response.text}`
      const schema = documented.content?.['application/json']?.schema
      const others = Object.keys(documented.content ?? {}).filter((type) => type !== 'application/json')
      if (others.length > 0) return problemWithType(response, others)
      if (!schema || response.status === 204)
        return response.text === '' ? null : `a body with ${response.status}`
      const validate = ajv.compile(schema)
      return validate(response.body) ? null : `${ajv.errorsText(validate.errors)}: ${response.text}`
    },
  }
}

function problemWithType({ headers }: ApiResponse, types: readonly string[]): string | null {
  const type = headers.get('content-type') ?? ''
  return types.some((one) => type.startsWith(one)) ? null : `a body of type ${type}`
}
