import { execFile, spawnSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { callApi, errorCodeOf, exportBody } from '@ghostpost/test-kit/processes/call-api'
import { secretKeys, startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'
import { respond } from '@ghostpost/test-kit/receiver/reactions'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { codeBlocksIn, readPage, repository } from '../../src/docs/markdown.ts'

const run = promisify(execFile)

let stack: Stack
let folder: string
let restoredUrl: string
let waiting: string
let sealed: string

beforeAll(async () => {
  stack = await startStack({ GHOSTPOST_RETRY_SCHEDULE: '0s 300ms 1h' })
  folder = await mkdtemp(join(tmpdir(), 'ghostpost-restore-'))
  await writeFile(join(folder, 'keys'), secretKeys)
  const url = new URL(stack.database.url)
  url.pathname = `${url.pathname}_restored`
  restoredUrl = url.href
  await makeDumpTools(join(folder, 'bin'))
  await fillOriginal()
})

afterAll(async () => {
  await stack.stop()
  await queryServer(`drop database if exists "${nameOf(restoredUrl)}" with (force)`)
  await rm(folder, { recursive: true })
})

const nameOf = (url: string): string => new URL(url).pathname.slice(1)

async function queryServer(sql: string): Promise<{ rows: Record<string, unknown>[] }> {
  const url = new URL(stack.database.url)
  url.pathname = '/postgres'
  const client = new Client({ connectionString: url.href })
  client.on('error', () => {})
  await client.connect()
  try {
    return await client.query(sql)
  } finally {
    await client.end()
  }
}

/** An older pg_dump refuses a newer server. Then a copy by the server itself takes the place of dump and restore. */
async function makeDumpTools(bin: string): Promise<void> {
  await mkdir(bin)
  const { rows } = await queryServer('show server_version')
  const server = Number.parseInt(String(rows[0]?.['server_version']), 10)
  const { stdout } = spawnSync('pg_dump', ['--version'])
  const dump = Number.parseInt(/ (\d+)/.exec(String(stdout))?.[1] ?? '0', 10)
  if (dump >= server) return
  console.warn(`pg_dump ${dump} does not read Postgres ${server}: the server copies the database instead.`)
  const script = (text: string): string => `#!/bin/sh\nset -eu\n${text}\n`
  await writeFile(join(bin, 'pg_dump'), script('[ "$1" = --format=custom ]; : > "${2#--file=}"'))
  await writeFile(join(bin, 'pg_restore'), script('test -e ghostpost.dump; : > restored'))
  for (const name of ['pg_dump', 'pg_restore']) await chmod(join(bin, name), 0o755)
}

/** A delivery that waits, and a destination whose secrets are sealed. */
async function fillOriginal(): Promise<void> {
  const destination = { name: 'sealed', webhook_type: 'custom', webhook_url: `${stack.receiver.url}sealed` }
  const saved = await callApi(stack, '/api/destinations', { body: destination })
  sealed = (saved.body as { destination: { id: string } }).destination.id
  // Two attempts fail, and the third is due in an hour.
  stack.receiver.always(respond(500))
  const exported = await callApi(stack, '/api/webhook', { body: exportBody(stack) })
  waiting = String(exported.body?.['delivery_id'])
  await waitUntil('two attempts have failed', async () => {
    const { body } = await callApi(stack, `/api/deliveries/${waiting}`)
    return (body?.['attempts'] as unknown[] | undefined)?.length === 2
  })
  stack.receiver.always(respond(200))
}

/** The shell blocks of the page, with the addresses of this test. */
const blocks = codeBlocksIn(readPage('docs/backup-and-restore.md'))
  .filter(({ language }) => language === 'sh')
  .map(({ text }) => text)

async function follow(text: string, env: Record<string, string> = {}): Promise<string> {
  const here = text
    .replace('postgres://ghostpost@db.example.com/restored', restoredUrl)
    .replaceAll('node apps/', `"$NODE" "$REPOSITORY"/apps/`)
  const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', here], {
    cwd: folder,
    env: {
      PATH: [join(folder, 'bin'), process.env['PATH']].join(delimiter),
      NODE: process.execPath,
      REPOSITORY: repository,
      QUEUE_URL: stack.queue.url,
      DATABASE_URL: stack.database.url,
      GHOSTPOST_SECRET_KEYS_FILE: join(folder, 'keys'),
      ...env,
    },
  })
  return stdout
}

test('docs/backup-and-restore.md leads from a backup to a copy that is held, complete, and then sends', async () => {
  const [backup = '', restore = '', keys = '', start = ''] = blocks
  expect(blocks).toHaveLength(4)
  // The original stops, as it does when its database is lost.
  await stack.apiProcess.stop()
  await Promise.all(stack.workers.map((worker) => worker.stop()))
  // It becomes due when nobody of the original delivers it any more.
  await stack.database.pool.query(
    'update deliveries set next_attempt_at = now(), sweep_at = now() where id = $1',
    [waiting],
  )
  await follow(backup)
  await copyDatabase()
  await follow(restore, { GHOSTPOST_SECRET_KEYS_FILE: '' })
  const withoutKeyFile = { DATABASE_URL: restoredUrl, GHOSTPOST_SECRET_KEYS_FILE: '' }
  await follow(keys, withoutKeyFile)
  const lost = keys.replace(
    'cat ghostpost.secret-keys',
    `echo other:${Buffer.alloc(32, 9).toString('base64')}`,
  )
  await expect(follow(lost, withoutKeyFile)).rejects.toMatchObject({
    stdout: expect.stringContaining('"event":"unreadable"'),
  })

  const settings = {
    DATABASE_URL: restoredUrl,
    ...Object.fromEntries(
      [...start.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
    ),
  }
  const received = stack.receiver.requests.length
  const api = await stack.startApi(settings)
  const worker = await stack.startWorker(settings)
  const copy = { ...stack, api: api.address }
  await expectHeld(copy)
  expect(api.output()).toContain('"event":"held"')
  expect(worker.output()).toContain('"event":"held"')
  expect(stack.receiver.requests).toHaveLength(received)
  await api.stop()
  await worker.stop()

  const { GHOSTPOST_HOLD: _, ...open } = settings as Record<string, string>
  const released = await stack.startApi(open)
  await stack.startWorker(open)
  const after = { ...stack, api: released.address }
  await waitUntil('what was due is delivered', async () => {
    const { body } = await callApi(after, `/api/deliveries/${waiting}`)
    return body?.['status'] === 'delivered'
  })
  expect((await callApi(after, `/api/destinations/${sealed}/test`, { method: 'POST' })).status).toBe(200)
})

/** Where the real pg_restore took part there is nothing to do. */
async function copyDatabase(): Promise<void> {
  await queryServer(`create database "${nameOf(restoredUrl)}" template template0`)
  const hasTools = spawnSync('test', ['-e', join(folder, 'bin/pg_restore')]).status !== 0
  if (hasTools) return
  await queryServer(`drop database "${nameOf(restoredUrl)}"`)
  await queryServer(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${nameOf(stack.database.url)}'`,
  )
  await queryServer(`create database "${nameOf(restoredUrl)}" template "${nameOf(stack.database.url)}"`)
}

async function expectHeld(copy: Stack): Promise<void> {
  const ready = await callApi(copy, '/readyz', { session: null })
  expect(ready).toMatchObject({ status: 200, body: { status: 'ready', held: true } })
  expect((await callApi(copy, '/api/system')).body).toMatchObject({ held: true })
  const exported = await callApi(copy, '/api/webhook', { body: exportBody(copy) })
  expect(exported.status).toBe(202)
  for (const id of [waiting, String(exported.body?.['delivery_id'])])
    await waitUntil('it is due and held', async () => {
      const { body } = await callApi(copy, `/api/deliveries/${id}/explain`)
      return (body?.['reasons'] as { code: string }[] | undefined)?.[0]?.code === 'held'
    })
  const tested = await callApi(copy, `/api/destinations/${sealed}/test`, { method: 'POST' })
  expect([tested.status, errorCodeOf(tested)]).toEqual([409, 'installation_held'])
  await waitUntil('the sweeper has looked after it', async () => {
    const { rows } =
      await queryRestored(`select now() - created_at > interval '2 seconds' as old from deliveries
      order by created_at desc limit 1`)
    return rows[0]?.['old'] === true
  })
}

async function queryRestored(sql: string): Promise<{ rows: Record<string, unknown>[] }> {
  const client = new Client({ connectionString: restoredUrl })
  client.on('error', () => {})
  await client.connect()
  try {
    return await client.query(sql)
  } finally {
    await client.end()
  }
}
