import { respond } from '@ghostpost/test-kit/receiver/reactions'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { makeDeadLetters } from '../deliveries/dead-letters.ts'
import { runGhostpost, startGhostpost, type CommandEnvironment, type CommandResult } from './run-ghostpost.ts'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

let stack: Stack
let environment: CommandEnvironment

beforeAll(async () => {
  stack = await startStack()
  environment = { env: { GHOSTPOST_API_URL: stack.api, GHOSTPOST_SESSION: stack.session } }
})

beforeEach(async () => {
  stack.receiver.always(respond(200))
  stack.receiver.requests.length = 0
  await stack.database.pool.query('delete from operations')
  await stack.database.pool.query('delete from deliveries')
})

afterAll(() => stack.stop())

function ghostpost(args: string, stdin = ''): Promise<CommandResult> {
  return runGhostpost(args.split(' '), { ...environment, stdin })
}

interface Result {
  plan: { matched: number } | null
  operation: { operation_id: string; state: string; counts: Record<string, number> }
}

const resultOf = ({ stdout }: CommandResult): Result => JSON.parse(stdout) as Result

describe('operations run', () => {
  test('re-exports hundreds, prints plan and progress, and ends with exit code 0', async () => {
    await makeDeadLetters(stack, 280)
    await makeDeadLetters(stack, 20, 'timed_out')
    const ran = await ghostpost('operations run --kind re-export --status failed --rate 1000 --yes')
    expect([ran.exitCode, ran.stdout]).toEqual([0, expect.stringContaining('100% of 300')])
    expect(ran.stderr).toContain('Re-export 300 deliveries\n')
    expect(ran.stderr).toMatch(/receivers +127\.0\.0\.1:\d+ 300\n/)
    expect(ran.stderr).toMatch(/causes +http_status_503 280, timed_out 20\n/)
    expect(ran.stderr).toMatch(/running: \d+ of 300: \d+ delivered, 0 failed, 0 skipped; /)
    expect(ran.stderr).toContain('The operation is completed: 300 delivered, 0 failed, 0 skipped.')
    expect(stack.receiver.requests).toHaveLength(300)
    expect(ran.stdout + ran.stderr).not.toContain(stack.session)
  })

  test('prints plan and operation as JSON', async () => {
    await makeDeadLetters(stack, 12)
    const ran = await ghostpost('operations run --kind resend --status failed --rate 1000 --yes --json')
    expect([ran.exitCode, resultOf(ran)]).toMatchObject([
      0,
      { plan: { matched: 12 }, operation: { state: 'completed', counts: { delivered: 12 } } },
    ])
  })

  test('ends with exit code 1 when some failed, and prints the command that lists them', async () => {
    await makeDeadLetters(stack, 15)
    stack.receiver.next(respond(400))
    const ran = await ghostpost('operations run --kind resend --status failed --rate 1000 --yes --json')
    const { operation_id: id, counts } = resultOf(ran).operation
    expect([ran.exitCode, counts]).toMatchObject([1, { delivered: 14, failed: 1 }])
    expect(ran.stderr).toContain(`ghostpost operations items ${id} --outcome failed`)
    const items = await ghostpost(`operations items ${id} --outcome failed`)
    expect(items.stdout).toMatch(/failed +bad_request +gv_a1b2c3d4_e5f6g7h8/)
    const csv = await ghostpost(`operations items ${id} --csv`)
    expect(parse(csv.stdout, { bom: true, columns: true })).toHaveLength(15)
    const pages = await ghostpost(`operations items ${id} --limit 4 --json`)
    expect(JSON.parse(pages.stdout)).toMatchObject({ items: { length: 4 }, next: '4' })
  })

  test('ends with exit code 1 when its canary fails, and prints the command that resumes it', async () => {
    await makeDeadLetters(stack, 15)
    stack.receiver.always(respond(400))
    const ran = await ghostpost('operations run --kind resend --status failed --rate 1000 --yes')
    expect(ran.exitCode).toBe(1)
    expect(ran.stderr).toMatch(/The operation is paused \(canary: 10 of the first 10 failed\)/)
    expect(ran.stderr).toMatch(/ghostpost operations resume \S+/)
  })

  test('without a filter is refused by the API with exit code 3, and sends nothing', async () => {
    await makeDeadLetters(stack, 2)
    const { exitCode, stdout, stderr } = await ghostpost('operations run --kind resend --yes --json')
    expect([exitCode, stdout, stderr]).toEqual([3, '', expect.stringContaining('(filter_required)')])
    expect(stack.receiver.requests).toEqual([])
  })

  test('without a terminal requires --yes before it plans anything', async () => {
    const { exitCode, stderr } = await ghostpost('operations run --kind resend --status failed')
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('--yes')])
    const { rows } = await stack.database.pool.query('select 1 from operations')
    expect(rows).toEqual([])
  })

  test('that matches nothing sends nothing and ends with exit code 0', async () => {
    const { exitCode, stderr } = await ghostpost('operations run --kind resend --status failed --yes')
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('No delivery matches')])
  })

  test('takes delivery ids from stdin', async () => {
    const [first = '', second = ''] = await makeDeadLetters(stack, 5)
    const ran = await ghostpost(
      'operations run --kind resend --ids-stdin --yes --json',
      `${first}\n${second}\n`,
    )
    expect([ran.exitCode, resultOf(ran).operation.counts['delivered']]).toEqual([0, 2])
  })

  test('runs an existing plan once', async () => {
    await makeDeadLetters(stack, 3)
    const planned = await ghostpost('operations plan --kind resend --status failed')
    expect([planned.exitCode, stack.receiver.requests]).toEqual([0, []])
    const [, id = ''] = /operations run --plan (\S+)/.exec(planned.stdout) ?? []
    const ran = await ghostpost(`operations run --plan ${id} --yes`)
    expect([ran.exitCode, stack.receiver.requests.length]).toEqual([0, 3])
    const again = await ghostpost(`operations run --plan ${id} --yes`)
    expect([again.exitCode, again.stderr]).toEqual([3, expect.stringContaining('(operation_state)')])
  })
})

describe('watching', () => {
  test('ends with Ctrl-C, and the operation continues', async () => {
    await makeDeadLetters(stack, 40)
    const args = 'operations run --kind resend --status failed --rate 5 --yes --json'.split(' ')
    const running = startGhostpost(args, environment)
    await waitUntil('the progress is printed', () => running.output().stderr.includes('running:'))
    running.child.kill('SIGINT')
    const ran = await running.ended
    expect([ran.exitCode, ran.stderr]).toEqual([
      130,
      expect.stringContaining('Stopped watching. The operation continues.'),
    ])
    const { operation_id: id, state } = resultOf(ran).operation
    expect(state).toBe('running')
    const paused = await ghostpost(`operations pause ${id} --reason lunch`)
    expect([paused.exitCode, paused.stdout]).toEqual([0, expect.stringContaining(`${id} is paused`)])
    expect((await ghostpost(`operations show ${id}`)).stdout).toMatch(/reason +lunch/)
    expect((await ghostpost(`operations resume ${id} --json`)).stdout).toContain('"state": "running"')
    expect((await ghostpost(`operations cancel ${id}`)).exitCode).toBe(0)
    const watched = await ghostpost(`operations watch ${id}`)
    expect([watched.exitCode, watched.stdout]).toEqual([1, expect.stringMatching(/state +cancelled/)])
    const listed = await ghostpost('operations list')
    expect(listed.stdout).toMatch(new RegExp(`${id} .* resend +cancelled +40`))
  })

  test('survives an outage of the API', async () => {
    await makeDeadLetters(stack, 30)
    const other = await stack.startApi()
    const env = { ...environment.env, GHOSTPOST_API_URL: other.address }
    const args = 'operations run --kind resend --status failed --rate 10 --yes'.split(' ')
    const running = startGhostpost(args, { env })
    await waitUntil('the progress is printed', () => running.output().stderr.includes('running:'))
    await other.stop()
    const back = await stack.startApi({ GHOSTPOST_PORT: new URL(other.address).port })
    const { exitCode, stderr } = await running.ended
    await back.stop()
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('30 delivered')])
  })
})

describe('the installation and its destinations', () => {
  test('are shown: what runs, and what waits in each lane', async () => {
    const status = await ghostpost('status')
    expect([status.exitCode, status.stdout]).toEqual([0, expect.stringContaining('All is well.')])
    expect(status.stdout).toMatch(/held by receivers +0/)
    expect((await ghostpost('queues')).stdout).toMatch(/^LANE +STATE +DUE .*\nlive +idle +0/)
  })

  test('a destination is created, changed, gets a new secret, and is deleted', async () => {
    const url = `${stack.receiver.url}of-the-command-line`
    const created = await ghostpost(`destinations create --name Created --url ${url}`)
    expect([created.exitCode, created.stdout]).toEqual([0, expect.stringMatching(/saved as .*\n.*whsec_/s)])
    const [, id = ''] = /saved as (\S+)\.\n/.exec(created.stdout) ?? []
    const changed = await ghostpost(`destinations edit ${id} --name Changed --concurrency 3`)
    expect(changed.stdout).toContain('Changed is changed; it is enabled.')
    expect((await ghostpost(`destinations rotate ${id}`)).stdout).toContain('whsec_')
    expect((await ghostpost(`destinations delete ${id}`)).exitCode).toBe(2)
    expect((await ghostpost(`destinations delete ${id} --yes`)).exitCode).toBe(0)
    expect((await ghostpost('destinations list')).stdout).not.toContain(id)
  })

  test('waiting deliveries are cancelled at once', async () => {
    await makeDeadLetters(stack, 3)
    await stack.database.pool.query(
      `update deliveries set state = 'retrying', finished_at = null,
         next_attempt_at = now() + interval '1 hour', sweep_at = now() + interval '1 hour'`,
    )
    const ran = await ghostpost('operations run --kind cancel --wait scheduled --yes')
    expect([ran.exitCode, ran.stderr]).toEqual([0, expect.stringContaining('3 cancelled')])
  })

  test('a completion script knows the commands and options of this version', async () => {
    const { stdout, exitCode } = await ghostpost('completion bash')
    expect(exitCode).toBe(0)
    expect(stdout).toContain('"destinations") words="')
    expect(stdout).toMatch(/"operations plan"\) words="[^"]*--include-recovered/)
    expect((await ghostpost('completion csh')).exitCode).toBe(2)
  })
})
