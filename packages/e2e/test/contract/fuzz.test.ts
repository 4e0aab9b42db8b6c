import { randomUUID } from 'node:crypto'
import { routes } from '@ghostpost/api/routes'
import { createSessionToken, createUser } from '@ghostpost/test-kit/accounts'
import * as fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { callApi, exportBody } from '@ghostpost/test-kit/processes/call-api'
import { makeDeadLetters } from '../deliveries/dead-letters.ts'
import { readDocument, type ApiDocument } from './documented-responses.ts'
import { requestsFor, type FuzzedRequest, type Operation } from './fuzz-requests.ts'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

/** FUZZ_RUNS=1000 makes it longer; FUZZ_SEED repeats the run that printed it. */
const runs = Number(process.env['FUZZ_RUNS'] ?? 30)
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000_000)

let stack: Stack
let userId: string
let documented: ApiDocument
const known: Record<string, string[]> = { ghost_vid: ['gv_a1b2c3d4_e5f6g7h8', 'gv_nobody'] }

// There is no worker, so the generated receivers get no requests.
beforeAll(async () => {
  stack = await startStack(
    {
      GHOSTPOST_WAIT_MS: '20',
      GHOSTPOST_RATE_LIMIT_IP: '0',
      GHOSTPOST_RATE_LIMIT_SESSION: '0',
      GHOSTPOST_SIGN_IN_MAX: '1000',
    },
    0,
  )
  userId = (await createUser(stack.database, [4], 'admin')).id
  documented = await readDocument(stack)
  await makeDeadLetters(stack, 3)
  const { rows } = await stack.database.pool.query<{ failure: string }>(
    'select failure from deliveries where failure is not null limit 1',
  )
  known['fingerprint'] = rows.map(({ failure }) => failure)
  known['failure'] = known['fingerprint']
})

// Created before each test, because some calls use them up.
beforeEach(async () => {
  const body = { name: randomUUID(), webhook_type: 'custom', webhook_url: stack.receiver.url }
  const created = await callApi(stack, '/api/destinations', { body })
  const destination = created.headers.get('location')?.split('/').at(-1) ?? ''
  const exported = await callApi(stack, '/api/webhook', { body: exportBody(stack) })
  const delivery = String(exported.body?.['delivery_id'])
  const planned = await callApi(stack, '/api/operations/plan', {
    body: { kind: 're_export', delivery_ids: [delivery], rate: 1 },
  })
  // A visitor that an earlier test erased gets no delivery, and then there is nothing to plan.
  const { operation_id = delivery } = (planned.body?.['operation'] ?? {}) as { operation_id?: string }
  // The number of rules per site is limited.
  await stack.database.pool.query('delete from alert_rules')
  const rule = { name: randomUUID(), kind: 'queue_age', notify: { destination_id: destination } }
  const createdRule = await callApi(stack, '/api/alert-rules', { body: rule })
  const ruleId = createdRule.headers.get('location')?.split('/').at(-1) ?? ''
  known['id'] = [destination, delivery, operation_id, ruleId]
  known['operation_id'] = [operation_id]
  known['destination_id'] = [destination]
})

afterAll(() => stack.stop())

const operations = routes.map(({ method, url }) => ({
  method: String(method),
  path: url.replace(/:(\w+)/g, '{$1}'),
}))

describe(`with FUZZ_SEED=${seed} FUZZ_RUNS=${runs}`, () => {
  test.each(operations)('$method $path responds as documented to any request', async ({ method, path }) => {
    const operation = documented.operation(method, path)
    const property = fc.asyncProperty(requestsFor(path, operation, known), async (request) => {
      expect(await problemWith(method, operation, request)).toBeNull()
    })
    await fc.assert(property, { numRuns: runs, seed, endOnFailure: true })
  })
})

test('the API still works after the fuzzing', async () => {
  expect((await callApi(stack, '/readyz', { session: null })).body).toMatchObject({ status: 'ready' })
  expect((await callApi(stack, '/api/webhook')).status).toBe(200)
  const faults = stack.apiProcess
    .output()
    .split('\n')
    .filter((line) => line.includes('request failed'))
  expect(faults.slice(0, 3)).toEqual([])
})

/** The difference between the response and the API's document; null without one. */
async function problemWith(
  method: string,
  operation: Operation,
  { path, headers, body }: FuzzedRequest,
): Promise<string | null> {
  // A session for this request alone: some calls end their session.
  const session = await createSessionToken(stack.database, userId)
  const rawBody = method === 'GET' || body === null ? {} : { rawBody: body }
  const response = await callApi(stack, path, { method, headers, session, ...rawBody })
  // This installation has no mail server, which the API reports as a documented 501.
  const isExpected = response.status === 501 && response.text.includes('"email_not_configured"')
  if (response.status >= 500 && !isExpected) return `${response.status}: ${response.text}`
  return documented.problemWith(operation, response)
}
