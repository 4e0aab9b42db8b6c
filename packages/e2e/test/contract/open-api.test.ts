import { routes } from '@ghostpost/api/routes'
import { apiErrors } from '@ghostpost/delivery/contract/errors'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callApi } from '@ghostpost/test-kit/processes/call-api'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

let stack: Stack

beforeAll(async () => {
  stack = await startStack({}, 0)
})

afterAll(() => stack.stop())

interface OpenApi {
  openapi: string
  paths: Record<
    string,
    Record<string, { summary?: string; responses: Record<string, object>; security?: object[] }>
  >
}

async function document(): Promise<OpenApi> {
  return (await callApi(stack, '/openapi.json', { session: null })).body as unknown as OpenApi
}

test('the contract is served as OpenAPI 3.1, with every route and its errors', async () => {
  const { openapi, paths } = await document()
  expect(openapi).toBe('3.1.0')
  const urls = routes.map(({ url }) => url.replaceAll(/:(\w+)/g, '{$1}'))
  expect(Object.keys(paths).toSorted()).toEqual([...new Set(urls)].toSorted())
  const { post } = paths['/api/webhook'] ?? {}
  expect(Object.keys(post?.responses ?? {})).toEqual([
    '200',
    '202',
    '400',
    '401',
    '403',
    '404',
    '409',
    '413',
    '415',
    '429',
    '500',
    '502',
    '503',
  ])
  expect(post?.security).toEqual([{ session: [] }, { apiKey: [] }])
  expect(JSON.stringify(post)).toContain('idempotency-key')
})

test('every operation has a description and lists only known errors', async () => {
  const known = new Set([
    ...Object.values(apiErrors).map(({ status }) => status),
    200,
    201,
    202,
    204,
    302,
    502,
  ])
  for (const operations of Object.values((await document()).paths)) {
    for (const { summary, responses } of Object.values(operations)) {
      expect(summary).toBeTruthy()
      expect(Object.keys(responses).filter((status) => !known.has(Number(status)))).toEqual([])
    }
  }
})

test('every operation has an id, says who may call it, and every body is named and has an example', async () => {
  const { paths, components } = (await document()) as unknown as {
    paths: Record<string, Record<string, NamedOperation>>
    components: { schemas: Record<string, { examples?: unknown[] }> }
  }
  const operations = Object.values(paths).flatMap((one) => Object.values(one))
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(routes.length)
  expect(operations.filter(({ security }) => security === undefined)).toEqual([])
  expect(paths['/healthz']?.['get']?.security).toEqual([])
  const bodies = operations.flatMap(({ operationId, requestBody }) => {
    const { schema } = requestBody?.content['application/json'] ?? {}
    return schema && Object.keys(schema).length > 0 ? [{ operationId, ref: schema.$ref }] : []
  })
  expect(bodies.length).toBeGreaterThan(12)
  for (const { operationId, ref = '' } of bodies) {
    const example = components.schemas[ref.split('/').at(-1) ?? '']?.examples?.[0]
    expect([operationId, example === undefined]).toEqual([operationId, false])
  }
})

interface NamedOperation {
  operationId: string
  security?: object[]
  requestBody?: { content: Record<string, { schema: { $ref?: string } }> }
}

test('the reference page loads nothing from other hosts', async () => {
  const page = await callApi(stack, '/docs/', { session: null })
  expect(page.status).toBe(200)
  expect(page.headers.get('content-type')).toContain('text/html')
  expect(
    [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)]
      .map(([, link]) => link)
      .filter((link) => /^(https?:)?\/\//.test(link ?? '')),
  ).toEqual([])
})

test('health and readiness are public', async () => {
  expect(await callApi(stack, '/healthz', { session: null })).toMatchObject({
    status: 200,
    body: { status: 'ok' },
  })
  expect(await callApi(stack, '/readyz', { session: null })).toMatchObject({
    status: 200,
    body: { status: 'ready', checks: { database: 'ok', queue: 'ok' } },
  })
})

test('every response has its request id', async () => {
  const { headers, body } = await callApi(stack, '/api/webhook', { session: null })
  expect(headers.get('x-request-id')).toBe(body?.['request_id'])
})
