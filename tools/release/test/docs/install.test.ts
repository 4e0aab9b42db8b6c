import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '@ghostpost/local-services'
import { createTestQueueName, testStoreUrl } from '@ghostpost/test-kit/test-database'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { codeBlocksIn, readPage, repository } from '../../src/docs/markdown.ts'

const run = promisify(execFile)
const installMs = 400_000
const name = `ghostpost_install_${process.pid}`
const queue = createTestQueueName()

let folder: string
const started: ChildProcess[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ghostpost-install-'))
  await queryServer(`create database ${name}`)
})

afterAll(async () => {
  for (const child of started) {
    // Both programs are in the process group of their shell.
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM')
    if (child.exitCode === null) await once(child, 'exit')
  }
  await queryServer(`drop database if exists ${name} with (force)`)
  await rm(folder, { recursive: true, force: true })
})

async function queryServer(sql: string): Promise<void> {
  const client = new Client({ connectionString: testStoreUrl('GHOSTPOST_TEST_DATABASE_URL') })
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

const blocks = codeBlocksIn(readPage('docs/install-without-docker.md'))
const [install = '', key = '', database = '', start = ''] = blocks
  .filter(({ language }) => language === 'sh')
  .map(({ text }) => text)
const settings = blocks.find(({ language }) => language === 'ini')?.text ?? ''

/** A copy of the checkout stands for the clone: what is not committed yet is followed, too. */
async function copyCheckout(): Promise<void> {
  const { stdout } = await run('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: repository,
    maxBuffer: 16_777_216,
  })
  for (const file of stdout.split('\0').filter(Boolean))
    await cp(join(repository, file), join(folder, 'ghostpost', file)).catch(() => {})
}

/** As a shell of the reader: without the tools and the settings of this workspace. */
const environment = {
  PATH: (process.env['PATH'] ?? '')
    .split(':')
    .filter((one) => !one.startsWith(repository))
    .join(':'),
  HOME: process.env['HOME'] ?? '',
}

async function follow(script: string, cwd: string): Promise<string> {
  const options = { cwd, env: environment, maxBuffer: 16_777_216 }
  return (await run('bash', ['-euo', 'pipefail', '-c', script], options)).stdout
}

test(
  'docs/install-without-docker.md leads from an empty folder to an API that is ready and a dashboard',
  { timeout: installMs },
  async () => {
    const clone = /^git clone .*$/m
    expect(install).toMatch(clone)
    await copyCheckout()
    await follow(install.replace(clone, ''), folder)
    const checkout = join(folder, 'ghostpost')
    const file = join(folder, 'ghostpost.env')
    const sealing = (await follow(key, folder)).trim()
    const ports = { GHOSTPOST_PORT: await freePort(), GHOSTPOST_METRICS_PORT: 0, GHOSTPOST_WORKER_PORT: 0 }
    const here = [
      `DATABASE_URL=${testStoreUrl('GHOSTPOST_TEST_DATABASE_URL').replace(/[^/]*$/, name)}`,
      `QUEUE_URL=${queue.url}`,
      `GHOSTPOST_QUEUE_PREFIX=${queue.prefix}`,
      ...Object.entries(ports).map(([key, value]) => `${key}=${value}`),
    ]
    await writeFile(file, `${settings.replace('k1:…', sealing)}${here.join('\n')}\n`)
    const readSettings = `set -a && . ${file} && set +a\n`
    await follow(database.replace(/^set -a .*\n/, readSettings), checkout)
    const script = `${readSettings}${start}`
    started.push(
      spawn('bash', ['-c', script], { cwd: checkout, env: environment, detached: true, stdio: 'ignore' }),
    )
    const url = `http://127.0.0.1:${ports.GHOSTPOST_PORT}`
    await waitUntil('the API is ready', async () =>
      fetch(`${url}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      ),
    )
    const signIn = await fetch(`${url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'ada@example.com', password: 'a long password' }),
    })
    expect(signIn.status).toBe(200)
    const page = await fetch(`${url}/ops`, { headers: { accept: 'text/html' } })
    expect(await page.text()).toContain('<div id="root">')
  },
)
