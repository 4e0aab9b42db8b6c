import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callApi } from '@ghostpost/test-kit/processes/call-api'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'
import { generatePaths } from './generate-paths.ts'

const file = join(import.meta.dirname, '../../../client/src/generated/paths.ts')
let stack: Stack

beforeAll(async () => {
  stack = await startStack({}, 0)
})

afterAll(() => stack.stop())

test('the client’s types match the OpenAPI document that the API serves', async () => {
  const { body } = await callApi(stack, '/openapi.json', { session: null })
  await expect(await generatePaths(body ?? {})).toMatchFileSnapshot(file)
})
