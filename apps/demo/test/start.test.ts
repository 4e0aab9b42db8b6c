import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { endProcess, isAlive } from '@ghostpost/local-services'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, beforeAll, expect, test } from 'vitest'

const run = promisify(execFile)
let data: string
/** The demo that the tests use one after another: a start with empty data takes many seconds. */
let demo: RunningDemo
const started: ChildProcess[] = []

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'ghostpost-demo-'))
  demo = await startDemo()
}, 300_000)

afterAll(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGINT')
    await once(child, 'exit')
  }
  await rm(data, { recursive: true, force: true })
})

interface RunningDemo {
  child: ChildProcess
  output: () => string
  record: {
    api: string
    dashboard: string
    receiver: string
    session: string
    pids: Record<string, number | number[]>
  }
}

async function startDemo(environment: Record<string, string> = {}): Promise<RunningDemo> {
  const entry = join(import.meta.dirname, '../src/main.ts')
  const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env
  const env = { PATH, NODE_COMPILE_CACHE, DEMO_DATA: data, ...environment }
  const child = spawn(process.execPath, [entry], { env })
  started.push(child)
  let written = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => void (written += String(chunk)))
  await waitUntil(
    'the demo is ready',
    () => {
      if (child.exitCode !== null) throw new Error(`it ended: ${written}`)
      return written.includes('Ctrl-C stops everything')
    },
    120_000,
  )
  return { child, output: () => written, record: JSON.parse(await readFile(join(data, 'dev.json'), 'utf8')) }
}

/** Runs the line with curl; without curl, sends the same request. */
async function paste(line: string): Promise<unknown> {
  const [, url = '', cookie = '', body = ''] = /(http\S+) --cookie '([^']+)' .* -d '(.+)'$/.exec(line) ?? []
  const headers = { cookie, 'content-type': 'application/json' }
  const pasted = await run('sh', ['-c', `command -v curl >/dev/null && ${line}`]).then(
    ({ stdout }) => stdout,
    () => null,
  )
  return JSON.parse(pasted ?? (await (await fetch(url, { method: 'POST', headers, body })).text()))
}

function pidsOf({ record }: RunningDemo): number[] {
  return Object.values(record.pids).flat()
}

test('every printed line exports the sample visitor to the inbox', async () => {
  const lines = demo
    .output()
    .split('\n')
    .filter((line) => line.includes('curl '))
  expect(lines).toHaveLength(5)
  for (const line of lines) {
    expect(await paste(line.trim())).toMatchObject({ success: true, ghost_vid: 'gv_a1b2c3d4_e5f6g7h8' })
  }
  // The address of `ghostpost listen`: nothing listens there now, but the demo may send to it.
  const own = (lines[0] ?? '').trim().replace(/http:[^"]+\/hooks\/custom/, 'http://127.0.0.1:4099/')
  expect(JSON.stringify(await paste(own))).toMatch(/delivery_id(?!.*address_forbidden)/)
  const page = await fetch(demo.record.dashboard, { headers: { accept: 'text/html' } })
  expect(await page.text()).toContain('<div id="root">')
  const arrivals = (await (await fetch(`${demo.record.receiver}/arrivals.json`)).json()) as {
    path: string
    body: string
  }[]
  expect(arrivals.map(({ path }) => path.split('?')[0]).toReversed()).toEqual(
    ['custom', 'hubspot', 'salesforce', 'slack', 'discord'].map((type) => `/hooks/${type}`),
  )
  for (const { body } of arrivals) expect(body).toContain('gv_a1b2c3d4_e5f6g7h8')
}, 300_000)

test('a second start in the same folder is refused with a sentence', async () => {
  await expect(startDemo()).rejects.toThrow(
    `Ghostpost is already running from this folder (process ${demo.child.pid})`,
  )
}, 300_000)

test('a port that is in use is refused with a sentence', async () => {
  const other = await mkdtemp(join(tmpdir(), 'ghostpost-demo-'))
  const port = new URL(demo.record.api).port
  await expect(startDemo({ DEMO_DATA: other, GHOSTPOST_PORT: port })).rejects.toThrow(
    /Port \d+ is in use\. Stop the process that listens on it, set GHOSTPOST_PORT to another port/,
  )
  await rm(other, { recursive: true, force: true })
}, 300_000)

test('API and worker do not outlive a killed demo, and the next start keeps the data', async () => {
  const { api, receiver, session, pids } = demo.record
  const call = {
    method: 'POST',
    headers: { cookie: `session=${session}`, 'content-type': 'application/json' },
  }
  const body = JSON.stringify({ ghost_vid: 'gv_a1b2c3d4_e5f6g7h8', webhook_url: `${receiver}/hooks/custom` })
  const exported = (await (await fetch(`${api}/api/webhook`, { ...call, body })).json()) as {
    delivery_id: string
  }
  demo.child.kill('SIGKILL')
  const processes = [pids['api'], pids['worker']] as number[]
  await waitUntil('API and worker have stopped', () => !processes.some(isAlive))
  for (const pid of [pids['postgres'], pids['redis']].flat()) await endProcess(Number(pid), 'SIGKILL', 5_000)

  demo = await startDemo()
  const cookie = `session=${demo.record.session}`
  const read = await fetch(`${demo.record.api}/api/deliveries/${exported.delivery_id}`, {
    headers: { cookie },
  })
  expect(await read.json()).toMatchObject({ status: 'delivered' })
}, 300_000)

test('stopping leaves nothing behind', async () => {
  demo.child.kill('SIGINT')
  expect(await once(demo.child, 'exit')).toEqual([0, null])
  expect(pidsOf(demo).filter(isAlive)).toEqual([])
  expect(existsSync(join(data, 'start.lock'))).toBe(false)
  expect(existsSync(join(data, 'dev.json'))).toBe(false)
}, 300_000)
