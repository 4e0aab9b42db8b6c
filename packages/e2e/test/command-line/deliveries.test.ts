import { randomUUIDv7 } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { respond } from '@ghostpost/test-kit/receiver/reactions'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { callApi, exportBody } from '@ghostpost/test-kit/processes/call-api'
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
  await stack.database.pool.query('delete from deliveries')
})

afterAll(() => stack.stop())

function ghostpost(args: string): Promise<CommandResult> {
  return runGhostpost(args.split(' '), environment)
}

const json = ({ stdout }: CommandResult): unknown => JSON.parse(stdout)

async function exportOne(): Promise<string> {
  const { body } = await callApi(stack, '/api/webhook', { body: exportBody(stack) })
  return String(body?.['delivery_id'])
}

describe('deliveries', () => {
  test('list filters the log and continues at a cursor', async () => {
    const ids = await makeDeadLetters(stack, 210)
    const delivered = await exportOne()
    const { stdout, stderr } = await ghostpost('deliveries list --limit 3')
    expect(stdout).toMatch(
      /^DELIVERY +CREATED \(UTC\) +STATUS +TYPE +RECEIVER +VISITOR +ATTEMPTS +LAST ERROR\n/,
    )
    expect(stdout).toContain(`\n${delivered} `)
    const [, cursor = ''] = /--cursor (\S+)/.exec(stderr) ?? []
    const rest = await ghostpost(`deliveries list --limit 1000 --cursor ${cursor} --json`)
    expect(json(rest)).toMatchObject({ items: { length: 208 }, next: null })
    const failed = await ghostpost('deliveries list --status failed --from 1h --limit 1000 --json')
    const listed = (json(failed) as { items: { delivery_id: string }[] }).items.map((one) => one.delivery_id)
    expect(listed.toSorted()).toEqual(ids.toSorted())
    const none = await ghostpost('deliveries list --to 1h')
    expect([none.exitCode, none.stdout]).toEqual([0, 'There are none.\n'])
  })

  test('show prints a delivery with its attempts, and explain prints why it waits', async () => {
    stack.receiver.always(respond(503))
    const id = await exportOne()
    const shown = await ghostpost(`deliveries show ${id}`)
    expect(shown.stdout).toMatch(/status +retrying\n/)
    expect(shown.stdout).toMatch(/\n1 +\S+ \S+ +\d+ ms +(–|\d+)\/(–|\d+)\/–\/\d+ +answered +503 +retry +\S+/)
    expect(shown.stdout).toMatch(/next attempt +\S+Z, attempt \d of 4, by the retry schedule\n/)
    const explained = await ghostpost(`deliveries explain ${id}`)
    expect(explained.stdout).toMatch(/^The delivery is retrying\.\n.+/)
    expect(json(await ghostpost(`deliveries show ${id} --json`))).toMatchObject({ delivery_id: id })
  })

  test('resend, re-export and cancel print the result, or why the API refuses', async () => {
    const id = await exportOne()
    const refused = await ghostpost(`deliveries resend ${id}`)
    expect([refused.exitCode, refused.stderr]).toEqual([3, expect.stringContaining('(confirmation_needed)')])
    expect((await ghostpost(`deliveries resend ${id} --confirm-duplicate`)).stdout).toBe(`${id} is queued.\n`)
    const made = await ghostpost(`deliveries re-export ${id} --json`)
    expect([made.exitCode, json(made)]).toMatchObject([0, { status: 'queued', made_from: id }])
    const late = await ghostpost(`deliveries cancel ${(await makeDeadLetters(stack, 1))[0]}`)
    expect([late.exitCode, late.stdout, late.stderr]).toEqual([
      3,
      '',
      expect.stringContaining('(delivery_finished)'),
    ])
  })

  test('edit sends the payload from stdin as a new delivery', async () => {
    stack.receiver.always(respond(400))
    const id = await exportOne()
    stack.receiver.always(respond(200))
    const edit = (stdin: string) =>
      runGhostpost(['deliveries', 'edit', id, '--json'], { ...environment, stdin })
    const edited = await edit('{"corrected": true}')
    expect([edited.exitCode, json(edited)]).toMatchObject([0, { status: 'queued', made_from: id }])
    const { delivery_id: made } = json(edited) as { delivery_id: string }
    await waitUntil('the receiver gets it', () =>
      stack.receiver.requests.some(
        ({ headers, body }) => headers['webhook-id'] === made && body === '{"corrected":true}',
      ),
    )
    for (const wrong of ['', 'no JSON', '[1]', '"text"']) {
      const refused = await edit(wrong)
      expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining('not a JSON object')])
    }
  })

  test('list finds deliveries by words of the lead', async () => {
    const id = await exportOne()
    expect((await ghostpost('deliveries list --text jane')).stdout).toContain(id)
    expect((await ghostpost('deliveries list --text nobody')).stdout).toBe('There are none.\n')
  })

  test('export streams all deliveries as CSV or NDJSON', async () => {
    await makeDeadLetters(stack, 30)
    const csv = await ghostpost('deliveries export --status failed')
    expect(parse(csv.stdout, { bom: true, columns: true })).toHaveLength(30)
    const lines = await ghostpost('deliveries export --json')
    expect(
      lines.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as object),
    ).toHaveLength(30)
  })

  test('an export whose connection breaks says that it is incomplete, and ends with exit code 4', async () => {
    const broken = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/csv' }).write('delivery_id\n1\n')
      setTimeout(() => response.destroy(), 50)
    })
    await new Promise<void>((resolve) => broken.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(broken.address() as AddressInfo).port}`
    const env = { ...environment.env, GHOSTPOST_API_URL: url }
    const { exitCode, stderr } = await runGhostpost(['deliveries', 'export'], { env })
    broken.close()
    expect([exitCode, stderr]).toEqual([4, expect.stringContaining('the export is incomplete')])
  })

  test('tail follows deliveries live until its count or Ctrl-C', async () => {
    const tail = startGhostpost(
      ['deliveries', 'tail', '--status', 'delivered', '--count', '2', '--json'],
      environment,
    )
    const textTail = startGhostpost(['deliveries', 'tail', '--status', 'failed'], environment)
    stack.receiver.next(respond(400))
    await waitUntil(
      'both tails print their deliveries',
      async () => {
        stack.receiver.next(respond(400), respond(200))
        await exportOne()
        await exportOne()
        return tail.child.exitCode !== null && textTail.output().stdout.includes('bad_request')
      },
      30_000,
    )
    const { exitCode, stdout } = await tail.ended
    const printed = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object)
    expect([exitCode, printed]).toMatchObject([0, [{ status: 'delivered' }, { status: 'delivered' }]])
    textTail.child.kill('SIGINT')
    const ended = await textTail.ended
    expect([ended.exitCode, ended.stdout]).toEqual([
      130,
      expect.stringMatching(/ failed +\S+ +custom +\S+ +bad_request/),
    ])
  })

  test('data of receivers cannot control the terminal', async () => {
    const [id = ''] = await makeDeadLetters(stack, 1)
    await stack.database.pool.query('update deliveries set last_message = $2 where id = $1', [
      id,
      'red \u001b[31m\u009b2J\u202e over',
    ])
    const shown = await ghostpost(`deliveries show ${id}`)
    expect(shown.stdout).toContain('red ·[31m·2J· over')
    expect((await ghostpost(`deliveries show ${id} --json`)).stdout).toContain(
      String.raw`red \u001b[31m\u009b2J\u202e over`,
    )
  })

  test('an unknown id ends with exit code 3', async () => {
    const { exitCode, stdout, stderr } = await ghostpost(`deliveries show ${randomUUIDv7()}`)
    expect([exitCode, stdout, stderr]).toEqual([3, '', expect.stringContaining('(delivery_not_found)')])
  })
})

describe('failures', () => {
  test('are listed, shown, acknowledged, ignored and resolved', async () => {
    await makeDeadLetters(stack, 7)
    const listed = await ghostpost('failures list --json')
    const [group] = (json(listed) as { items: { fingerprint: string; count: number }[] }).items
    expect(group?.count).toBe(7)
    const id = group?.fingerprint ?? ''
    expect((await ghostpost('failures list')).stdout).toMatch(new RegExp(`${id} +7 +7 +http_status_503`))
    expect((await ghostpost(`failures ack ${id} --note known`)).stdout).toBe(`${id} is acknowledged.\n`)
    const shown = (await ghostpost(`failures show ${id}`)).stdout
    expect(shown).toMatch(/state +acknowledged\nnote +known\n/)
    expect(shown).toMatch(/last 15 minutes +7\nlast hour +7\nlast day +7\nlast week +7\n/)
    expect(shown).toContain('0 resent: 0 delivered, 0 failed again, 0 failed for another cause')
    expect((await ghostpost(`failures ignore ${id} --until 7d`)).exitCode).toBe(0)
    expect((await ghostpost('failures list --state ignored')).stdout).toContain(id)
    expect((await ghostpost(`failures resolve ${id} --json`)).stdout).toContain('"state": "resolved"')
    const past = await ghostpost(`failures ignore ${id} --until someday`)
    expect([past.exitCode, past.stderr]).toEqual([2, expect.stringContaining('is not a time')])
  })
})

describe('the mapping of a destination', () => {
  test('is set from a file, previewed and removed', async () => {
    const created = await callApi(stack, '/api/destinations', {
      body: { name: 'mapped', webhook_type: 'custom', webhook_url: stack.receiver.url },
    })
    const { id } = (created.body as { destination: { id: string } }).destination
    const file = join(tmpdir(), `ghostpost-mapping-${id}.json`)
    await writeFile(file, '{"fields":[{"to":"mail","from":"email"}]}')
    expect((await ghostpost(`destinations map ${id} ${file}`)).stdout).toBe('mapped has a new mapping.\n')
    const preview = await ghostpost(`destinations preview ${id} gv_a1b2c3d4_e5f6g7h8`)
    expect(preview.stdout).toContain('{"mail":"jane@example.com"}')
    await writeFile(file, '{"fields":[{"to":"mail","from":"password"}]}')
    const refused = await ghostpost(`destinations map ${id} ${file}`)
    expect([refused.exitCode, refused.stderr]).toEqual([3, expect.stringContaining('mapping.fields.0.from')])
    expect((await ghostpost(`destinations map ${id}`)).exitCode).toBe(2)
    const removed = await ghostpost(`destinations map ${id} --remove`)
    expect(removed.stdout).toBe('mapped sends the documented payload.\n')
    await rm(file)
  })
})

describe('destinations', () => {
  test('are listed, shown, tested, paused and enabled', async () => {
    const created = await callApi(stack, '/api/destinations', {
      body: { name: 'our CRM', webhook_type: 'custom', webhook_url: `${stack.receiver.url}crm` },
    })
    const { destination } = created.body as { destination: { id: string } }
    const { id } = destination
    expect((await ghostpost('destinations list')).stdout).toMatch(new RegExp(`${id} +our CRM +custom`))
    expect((await ghostpost(`destinations pause ${id} --reason lunch`)).stdout).toBe('our CRM is paused.\n')
    expect((await ghostpost(`destinations show ${id}`)).stdout).toMatch(/state +paused\nreason +lunch\n/)
    expect((await ghostpost(`destinations enable ${id}`)).stdout).toBe('our CRM is enabled.\n')
    const tested = await ghostpost(`destinations test ${id}`)
    expect([tested.exitCode, tested.stdout]).toEqual([0, expect.stringMatching(/decision +delivered\n/)])
    stack.receiver.always(respond(404))
    const failed = await ghostpost(`destinations test ${id} --json`)
    expect([failed.exitCode, json(failed)]).toMatchObject([1, { attempt: { response_status: 404 } }])
    const foreign = await ghostpost('destinations list --site 99')
    expect([foreign.exitCode, foreign.stderr]).toEqual([3, expect.stringContaining('(site_not_found)')])
  })
})
