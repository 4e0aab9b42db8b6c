import { createHmac, randomUUID } from 'node:crypto'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createSessionToken, createUser } from '@ghostpost/test-kit/accounts'
import { startReceiver, type Receiver } from '@ghostpost/test-kit/receiver/receiver'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { callApi, exportBody } from '@ghostpost/test-kit/processes/call-api'
import { runGhostpost, startGhostpost, type RunningGhostpost } from './run-ghostpost.ts'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

let stack: Stack
let admin: string
const running: RunningGhostpost[] = []
const servers: { stop: () => Promise<unknown> }[] = []

beforeAll(async () => {
  // The listener may get any port.
  stack = await startStack({ GHOSTPOST_ALLOWED_ADDRESSES: '127.0.0.1/32' })
  admin = await createSessionToken(stack.database, (await createUser(stack.database, [4], 'admin')).id)
})

afterEach(async () => {
  for (const { child, ended } of running.splice(0)) {
    child.kill('SIGINT')
    await ended
  }
  for (const server of servers.splice(0)) await server.stop()
})

afterAll(() => stack.stop())

interface ListenProcess {
  ghostpost: RunningGhostpost
  url: string
  /** The webhooks received so far, with --json. */
  arrivals: () => Arrival[]
  text: () => string
}

interface Arrival {
  path: string
  body: unknown
  bytes: number
  signature: string
  why: string | null
  times: number
  changed: boolean
  answered: number
  problem: string | null
  headers: Record<string, string>
}

async function listen(args: readonly string[] = [], stdin = ''): Promise<ListenProcess> {
  const ghostpost = startGhostpost(['listen', '--port', '0', ...args], { env: {}, stdin })
  running.push(ghostpost)
  const [, url = ''] = await waitUntil('the listener prints its URL', () =>
    /Listening at (http\S+)/.exec(ghostpost.output().stderr),
  )
  const arrivals = (): Arrival[] =>
    ghostpost
      .output()
      .stdout.split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Arrival)
  return { ghostpost, url, arrivals, text: () => ghostpost.output().stdout }
}

interface Saved {
  destination: { id: string; signing_public_keys: string[] }
  signing_secret: string
}

/** Saves a destination; `exportTo` changes its URL once the listener's port is known. */
async function saved(changes: object = {}): Promise<Saved> {
  const body = { name: randomUUID(), webhook_type: 'custom', webhook_url: stack.receiver.url, ...changes }
  return (await callApi(stack, '/api/destinations', { body })).body as unknown as Saved
}

async function exportTo({ destination }: Saved, webhook_url: string) {
  // The listener has another origin, which gets the signing secret only if an admin says so.
  const body = { webhook_url, retry_schedule: '0s 200ms 200ms', keep_secrets: true }
  await callApi(stack, `/api/destinations/${destination.id}`, { method: 'PATCH', body, session: admin })
  return callApi(stack, '/api/webhook', {
    body: { ghost_vid: 'gv_a1b2c3d4_e5f6g7h8', destination_id: destination.id },
  })
}

describe('an export to a local receiver', () => {
  test('is shown with its body and verified with the secret', async () => {
    const leads = await saved()
    const { url, text, ghostpost } = await listen(['--secret', leads.signing_secret])
    expect(await exportTo(leads, `${url}hooks/leads`)).toMatchObject({ status: 200 })
    await waitUntil('the webhook is printed', () => text().includes('responded 200'))
    expect(text()).toMatch(/POST \/hooks\/leads {2}\d+ bytes {2}VALID signature \(secret\)/)
    expect(text()).toMatch(/webhook-id: [0-9a-f-]{36}/)
    expect(text()).toContain('"ghost_vid": "gv_a1b2c3d4_e5f6g7h8"')
    const { stdout, stderr } = ghostpost.output()
    expect(stdout + stderr).not.toContain(leads.signing_secret)
  })

  test('is verified with a secret from stdin or with a public key', async () => {
    const leads = await saved()
    const piped = await listen(['--secret-stdin', '--json'], `${leads.signing_secret}\n`)
    await exportTo(leads, piped.url)
    await waitUntil('the webhook arrives', () => piped.arrivals().length > 0)
    const other = await saved({ signing: 'ed25519' })
    const [key = ''] = other.destination.signing_public_keys
    const keyed = await listen(['--public-key', key, '--json'])
    await exportTo(other, keyed.url)
    await waitUntil('the webhook arrives', () => keyed.arrivals().length > 0)
    expect([piped.arrivals(), keyed.arrivals()]).toMatchObject([
      [{ signature: 'valid' }],
      [{ signature: 'valid' }],
    ])
  })

  test('with another secret is invalid with the reason', async () => {
    const [leads, other] = [await saved(), await saved({ signing: 'ed25519' })]
    const { url, arrivals } = await listen([
      '--secret',
      `whsec_${Buffer.alloc(32).toString('base64')}`,
      '--json',
    ])
    await exportTo(leads, url)
    await exportTo(other, url)
    await waitUntil('both webhooks arrive', () => arrivals().length === 2)
    expect(arrivals().map(({ signature, why }) => [signature, why])).toEqual([
      ['invalid', 'no signature matches: it was signed with another key, or was changed in transit'],
      ['invalid', 'it is signed with a key pair: set --public-key instead of --secret'],
    ])
  })

  test('to an ad-hoc URL is unsigned, and a signature is not checked without a key', async () => {
    const { url, text } = await listen()
    await callApi(stack, '/api/webhook', { body: exportBody(stack, { webhook_url: url }) })
    await waitUntil('the webhook is printed', () => text().includes('unsigned'))
    await exportTo(await saved(), url)
    await waitUntil('the webhook is printed', () => text().includes('signed, not checked: set --secret'))
  })

  test('that gets a 503 response is retried, and the listener recognises the repeat', async () => {
    const leads = await saved()
    const { url, text } = await listen(['--secret', leads.signing_secret, '--status', '503'])
    expect(await exportTo(leads, url)).toMatchObject({ status: 202, body: { status: 'retrying' } })
    await waitUntil('the webhook arrives three times', () =>
      text().includes('received this webhook-id 3 times'),
    )
    expect(text()).toContain('REPEAT: received this webhook-id 2 times, with the same bytes')
    expect(text()).toContain('responded 503')
    expect(text()).not.toContain('INVALID')
  })
})

/** Sends a signed webhook as Ghostpost does, with the given changes. */
async function send(
  url: string,
  secret: string,
  changes: { id?: string; ageSeconds?: number; body?: string } = {},
) {
  const { id = randomUUID(), ageSeconds = 0, body = '{"n":1}' } = changes
  const timestamp = String(Math.floor(Date.now() / 1_000) - ageSeconds)
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,bad v1,${signature}`,
  }
  return fetch(url, { method: 'POST', headers, body })
}

const piecesMax = 2_000

/** Sends an endless body until the server responds or closes the connection; the status is null without a response. */
async function sendWithoutEnd(url: string): Promise<{ status: number | null; pieces: number }> {
  let pieces = 0
  async function* endless(): AsyncGenerator<Buffer> {
    for (; pieces < piecesMax; pieces += 1) {
      await new Promise((resolve) => setImmediate(resolve))
      yield Buffer.alloc(65_536, 'y')
    }
  }
  const sending = request(url, { method: 'POST' })
  const responded = new Promise<number | null>((resolve) => {
    sending.on('response', (response) => resolve(response.resume().statusCode ?? null))
    sending.on('close', () => resolve(null))
  })
  await pipeline(Readable.from(endless()), sending).catch(() => null)
  return { status: await responded, pieces }
}

const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`

describe('the listener', () => {
  test('rejects a signature whose timestamp is too old or in the future', async () => {
    const { url, arrivals } = await listen(['--secret', secret, '--json', '--count', '4'])
    for (const ageSeconds of [0, 290, 400, -400]) await send(url, secret, { ageSeconds })
    await waitUntil('all webhooks arrive', () => arrivals().length === 4)
    expect(arrivals().map(({ signature }) => signature)).toEqual(['valid', 'valid', 'invalid', 'invalid'])
    expect(arrivals()[2]?.why).toMatch(/^it was signed 40\d s ago; more than 300 s may be a replay$/)
    expect(arrivals()[3]?.why).toMatch(/in the future; one of the two clocks is wrong$/)
  })

  test('verifies bodies that are not JSON, and marks a repeat with different bytes', async () => {
    const { url, arrivals } = await listen(['--secret', secret, '--json'])
    for (const body of ['one', 'one', 'two']) await send(url, secret, { id: 'same', body })
    await waitUntil('all webhooks arrive', () => arrivals().length === 3)
    expect(
      arrivals().map(({ times, changed, body, signature }) => [times, changed, body, signature]),
    ).toEqual([
      [1, false, 'one', 'valid'],
      [2, false, 'one', 'valid'],
      [3, true, 'two', 'valid'],
    ])
  })

  test('cuts a long body, and refuses an endless one', async () => {
    const { url, text } = await listen()
    await fetch(url, { method: 'POST', body: 'x'.repeat(50_000) })
    await waitUntil('the webhook is printed', () => text().includes('the body has 50000 bytes'))
    expect(text().length).toBeLessThan(6_000)
    const { status, pieces } = await sendWithoutEnd(url)
    expect([413, null]).toContain(status)
    expect(pieces).toBeLessThan(piecesMax)
    await waitUntil('the body is refused', () => text().includes('responded 413'))
    expect(text()).toContain('too long')
    expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(200)
  })

  test('masks control characters, and hides header values that may be secrets', async () => {
    const { url, text } = await listen()
    await fetch(`${url}a`, { method: 'POST', headers: { 'x-api-key': 'planted' }, body: '\u001b[2J\u202e' })
    await waitUntil('the webhook is printed', () => text().includes('responded 200'))
    for (const hidden of ['\u001b', '\u202e', 'planted']) expect(text()).not.toContain(hidden)
    expect(text()).toMatch(/also: .*x-api-key/)
  })

  test('ends with Ctrl-C, also while the program it forwards to does not respond', async () => {
    const silent = await startReceiver()
    servers.push(silent)
    silent.always(() => {})
    const { ghostpost, url } = await listen(['--forward', silent.url])
    const cut = fetch(url, { method: 'POST', body: '{}' }).then(
      () => 'responded',
      () => 'cut',
    )
    await silent.waitForRequests(1)
    ghostpost.child.kill('SIGINT')
    expect((await ghostpost.ended).exitCode).toBe(130)
    expect(await cut).toBe('cut')
  })

  test('ends after its count of webhooks', async () => {
    const { ghostpost, url } = await listen(['--count', '2', '--json'])
    await fetch(url, { method: 'POST', body: '1' })
    await fetch(url, { method: 'POST', body: '2' })
    const ran = await ghostpost.ended
    expect([ran.exitCode, ran.stdout.trim().split('\n').length]).toEqual([0, 2])
  })
})

describe('forwarding', () => {
  async function program(): Promise<Receiver> {
    const receiver = await startReceiver()
    servers.push(receiver)
    return receiver
  }

  test('forwards bytes and headers, and relays the response', async () => {
    const own = await program()
    own.always((_request, response) => {
      response.writeHead(429, { 'retry-after': '7', 'content-type': 'text/plain' }).end('busy')
    })
    const { url, arrivals } = await listen(['--secret', secret, '--forward', `${own.url}inbox?a=1`, '--json'])
    const body = '{"text": "größer",\n "n":1}'
    const relayed = await send(`${url}elsewhere`, secret, { body })
    expect([relayed.status, relayed.headers.get('retry-after'), await relayed.text()]).toEqual([
      429,
      '7',
      'busy',
    ])
    expect(own.requests).toMatchObject([{ method: 'POST', path: '/inbox?a=1', body }])
    expect(own.requests[0]?.headers['webhook-signature']).toMatch(/^v1,bad v1,/)
    expect(own.requests[0]?.headers.host).toBe(new URL(own.url).host)
    await waitUntil('the webhook is printed', () => arrivals().length > 0)
    expect(arrivals()).toMatchObject([{ signature: 'valid', answered: 429, problem: null }])
  })

  test('to a program that does not run gets a 502 response with the reason', async () => {
    const own = await program()
    await own.stop()
    servers.length = 0
    const { url, text } = await listen(['--forward', own.url])
    expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(502)
    await waitUntil('the failure is printed', () => text().includes('your program did not respond'))
    expect(text()).toMatch(/responded 502: your program did not respond \(connect ECONNREFUSED/)
  })

  test('delivers to a local program through the real API and worker', async () => {
    const own = await program()
    const leads = await saved()
    const { url } = await listen(['--secret', leads.signing_secret, '--forward', own.url])
    expect(await exportTo(leads, url)).toMatchObject({ status: 200, body: { success: true } })
    expect(own.requests[0]?.json()).toMatchObject({ ghost_vid: 'gv_a1b2c3d4_e5f6g7h8' })
  })
})

describe('the command line', () => {
  let taken: Server | undefined

  afterEach(() => void taken?.close())

  test.each([
    ['an invalid secret', ['--secret', 'swordfish'], 'begins with whsec_'],
    ['an invalid public key', ['--public-key', 'whpk_AAAA'], 'begins with whpk_'],
    ['an invalid status', ['--status', '99'], 'from 200 to 599'],
    ['an invalid port', ['--port', '70000'], 'from 0 to 65535'],
    ['forwarding to another machine', ['--forward', 'http://example.com/'], 'on this machine'],
    [
      'forwarding to another machine by user info in the URL',
      ['--forward', 'http://127.0.0.1@example.com/'],
      'on this machine',
    ],
    [
      'both a status and forwarding',
      ['--status', '503', '--forward', 'http://127.0.0.1:1/'],
      'leave --status out',
    ],
  ])('with %s is refused', async (_name, args, says) => {
    const ran = await runGhostpost(['listen', ...args], { env: {} })
    expect([ran.exitCode, ran.stdout, ran.stderr]).toEqual([2, '', expect.stringContaining(says)])
    expect(ran.stderr).not.toContain('swordfish')
  })

  test('with a port that is in use is refused with a sentence', async () => {
    const server = createServer()
    taken = server
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const ran = await runGhostpost(['listen', '--port', String(port)], { env: {} })
    expect([ran.exitCode, ran.stderr]).toEqual([
      2,
      `Port ${port} is not available (EADDRINUSE). Set another one with --port.\n`,
    ])
  })
})
