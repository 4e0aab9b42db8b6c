import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { OperationView, PlanView } from '@ghostpost/client'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runCommandLine } from '../src/run-command-line.ts'
import { openTerminal, type Terminal } from './terminal.ts'

const id = '019aa3f0-7c1e-7d1a-9c55-0b8f5a3f2e11'
let server: Server
let terminal: Terminal
let requests: string[]
let settled: number

const operation = (): OperationView => ({
  operation_id: id,
  siteId: 4,
  kind: 're_export',
  state: settled < 20 ? 'running' : 'completed',
  state_reason: null,
  reason: null,
  filter: { status: 'failed' },
  destination_id: null,
  include_recovered: false,
  rate: 10,
  canary: 'passed',
  counts: { matched: 20, waiting: 0, delivered: settled, failed: 0, skipped: 0, cancelled: 0, changed: 0 },
  failed_into: [],
  skipped_because: {},
  watermark: { at: '2026-11-23T10:00:00.000Z', note: '' },
  progress: settled / 20,
  seconds_left: 20 - settled,
  created_by: 'ada@example.test',
  created_at: '2026-11-23T10:00:00.000Z',
  started_at: null,
  finished_at: null,
})

const plan = (): PlanView => ({
  operation: { ...operation(), state: 'planned' },
  matched: 20,
  capped: false,
  by_type: [{ webhook_type: 'slack', count: 20 }],
  by_cause: [{ cause: null, count: 20 }],
  by_receiver: [{ receiver: 'hooks.slack.com', destination_id: null, destination_name: null, count: 20 }],
  will_skip: [{ reason: 'unfinished', count: 2 }],
  warnings: [
    { code: 'duplicates', text: 'Twelve were already delivered; receivers get them twice.', count: 12 },
  ],
  estimated_seconds: 2,
  expires_at: '2026-11-23T11:00:00.000Z',
})

/** Responds as an API whose operation settles five more members at each request. */
function respond({ method, url }: IncomingMessage, response: ServerResponse): void {
  requests.push(`${method} ${url}`)
  if (method === 'GET') settled = Math.min(20, settled + 5)
  const body = url === '/api/operations/plan' ? plan() : operation()
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

beforeEach(async () => {
  requests = []
  settled = 0
  server = createServer(respond)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  terminal = openTerminal({ GHOSTPOST_API_URL: url, GHOSTPOST_SESSION: 'x' })
})

afterEach(() => {
  server.closeAllConnections()
  server.close()
})

async function waitUntilShown(text: string): Promise<void> {
  while (!terminal.shown().includes(text)) await new Promise((resolve) => setImmediate(resolve))
}

const args = ['operations', 'run', '--kind', 're-export', '--status', 'failed', '--json']

test('operations run shows the plan, asks for confirmation and draws a progress bar', async () => {
  const running = runCommandLine(args, terminal)
  await waitUntilShown('Run it?')
  expect(requests).toEqual(['POST /api/operations/plan'])
  for (const part of [
    'Re-export 20 deliveries',
    'unfinished 2',
    'Warning: Twelve were already delivered',
    'about 2 s',
  ])
    expect(terminal.shown()).toContain(part)
  terminal.stdin.write('y')
  expect(await running).toBe(0)
  expect(terminal.shown()).toMatch(/█.*25% of 20 \| 5 delivered, 0 failed, 0 skipped \| 15 s left/)
  expect(terminal.shown()).toMatch(/100% of 20/)
  expect(JSON.parse(terminal.results())).toMatchObject({
    plan: { matched: 20 },
    operation: { state: 'completed' },
  })
})

test.each([
  ['no', 'n'],
  ['enter alone', '\r'],
  ['Ctrl-C', '\u0003'],
])('operations run sends nothing after %s', async (_name, key) => {
  const running = runCommandLine(args, terminal)
  await waitUntilShown('Run it?')
  terminal.stdin.write(key)
  expect(await running).toBe(1)
  expect(terminal.shown()).toContain('Nothing was sent.')
  expect(requests).toEqual(['POST /api/operations/plan'])
})

test('Ctrl-C at the progress bar stops only the watching', async () => {
  const running = runCommandLine([...args, '--yes'], terminal)
  await waitUntilShown('25% of 20')
  terminal.pressCtrlC()
  expect(await running).toBe(130)
  expect(terminal.shown()).toContain('Stopped watching. The operation continues.')
  expect(requests.filter((one) => /cancel|pause/.test(one))).toEqual([])
})

test('login prompts for e-mail address and password, and never shows the password', async () => {
  const running = runCommandLine(['login', terminal.env['GHOSTPOST_API_URL'] ?? ''], terminal)
  await waitUntilShown('E-mail address')
  terminal.stdin.write('ada@example.test\r')
  await waitUntilShown('Password')
  terminal.stdin.write('swordfish\r')
  // This API returns no session.
  expect(await running).toBe(70)
  expect(requests).toEqual(['POST /api/session'])
  expect(terminal.shown()).not.toContain('swordfish')
})
