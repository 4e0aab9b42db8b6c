import { respond } from '@ghostpost/test-kit/receiver/reactions'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { callApi } from '@ghostpost/test-kit/processes/call-api'
import { runGhostpost, type CommandEnvironment, type CommandResult } from './run-ghostpost.ts'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

let stack: Stack
let environment: CommandEnvironment
let destination: string

beforeAll(async () => {
  stack = await startStack()
  environment = { env: { GHOSTPOST_API_URL: stack.api, GHOSTPOST_SESSION: stack.session } }
  const body = { name: 'recipient', webhook_type: 'custom', webhook_url: `${stack.receiver.url}alerts` }
  const { headers } = await callApi(stack, '/api/destinations', { body })
  destination = headers.get('location')?.split('/').at(-1) ?? ''
})

beforeEach(async () => {
  stack.receiver.always(respond(200))
  stack.receiver.requests.length = 0
  await stack.database.pool.query('delete from alert_rules')
})

afterAll(() => stack.stop())

const ghostpost = (...args: string[]): Promise<CommandResult> =>
  runGhostpost(['alerts', ...args], environment)

async function added(...args: string[]): Promise<{ id: string }> {
  const ran = await ghostpost(
    'add',
    '--name',
    'Leads fail',
    ...args,
    '--to-destination',
    destination,
    '--json',
  )
  return JSON.parse(ran.stdout) as { id: string }
}

describe('alert rules', () => {
  test('are changed, muted and unmuted', async () => {
    const rule = await added('--kind', 'dead_letters', '--threshold', '7')
    const changed = await ghostpost('edit', rule.id, '--threshold', '9', '--name', 'Lost', '--off')
    expect([changed.exitCode, changed.stdout]).toEqual([0, expect.stringMatching(/limit +9/)])
    expect((await ghostpost('list')).stdout).toMatch(/Lost +dead_letters +9 +off/)
    await ghostpost('edit', rule.id, '--on')
    expect((await ghostpost('list')).stdout).toMatch(/Lost +dead_letters +9 +ok/)
    const empty = await ghostpost('edit', rule.id)
    expect([empty.exitCode, empty.stderr]).toEqual([2, expect.stringContaining('Set at least one option.')])
  })

  test('are added, listed, tested and removed', async () => {
    const args = [
      '--threshold',
      '7.5',
      '--window',
      '10m',
      '--min',
      '5',
      '--type',
      'slack',
      '--cooldown',
      '1h',
    ]
    const rule = await added('--kind', 'failure_rate', ...args)
    expect(rule).toMatchObject({
      kind: 'failure_rate',
      threshold: 7.5,
      window_seconds: 600,
      minimum_count: 5,
      filter: { webhook_type: 'slack', destination_id: null },
      cooldown_seconds: 3_600,
      notify: { destination_id: destination, email: [] },
    })
    const listed = await ghostpost('list')
    expect(listed.stdout).toMatch(new RegExp(`${rule.id} +Leads fail +failure_rate +7\\.5 +ok`))
    const tested = await ghostpost('test', rule.id)
    expect([tested.exitCode, tested.stdout]).toEqual([0, expect.stringMatching(/decision +delivered/)])
    expect(stack.receiver.requests[0]?.json()).toMatchObject({ type: 'ghostpost.alert', phase: 'test' })
    expect((await ghostpost('remove', rule.id)).exitCode).toBe(0)
    expect((await ghostpost('list')).stdout).toBe('There are none.\n')
  })

  test('whose test fails end with exit code 1 and the error', async () => {
    stack.receiver.always(respond(404))
    const { id } = await added('--kind', 'queue_age')
    const tested = await ghostpost('test', id)
    expect([tested.exitCode, tested.stdout]).toEqual([1, expect.stringContaining('(not_found)')])
  })

  test.each([
    ['without a kind', ['add', '--name', 'x', '--to-email', 'ada@example.com'], '--kind'],
    ['of an unknown kind', ['add', '--kind', 'odd', '--name', 'x', '--to-email', 'a@b.co'], 'failure_rate'],
    ['without recipients', ['add', '--kind', 'queue_age', '--name', 'x'], '--to-destination'],
    ['with an invalid time span', ['add', '--kind', 'queue_age', '--name', 'x', '--cooldown', 'soon'], '15m'],
  ])('%s end with exit code 2', async (_name, args, says) => {
    const ran = await ghostpost(...args)
    expect([ran.exitCode, ran.stdout, ran.stderr]).toEqual([2, '', expect.stringContaining(says)])
  })

  test('that the API refuses end with exit code 3 and the expected value', async () => {
    const args = ['--kind', 'queue_age', '--name', 'x', '--to-email', 'ada@example.com']
    const ran = await ghostpost('add', ...args)
    expect([ran.exitCode, ran.stderr]).toEqual([3, expect.stringContaining('(email_not_configured)')])
    const limit = await ghostpost(
      'add',
      '--kind',
      'queue_age',
      '--name',
      'x',
      '--window',
      '15m',
      '--to-destination',
      destination,
    )
    expect([limit.exitCode, limit.stderr]).toEqual([3, expect.stringContaining('window_seconds')])
  })
})
