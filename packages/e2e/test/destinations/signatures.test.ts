import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { respond } from '@ghostpost/test-kit/receiver/reactions'
import type { ReceivedRequest } from '@ghostpost/test-kit/receiver/receiver'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { callApi, type ApiResponse } from '@ghostpost/test-kit/processes/call-api'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
})

beforeEach(() => {
  stack.receiver.always(respond(200))
  stack.receiver.requests.length = 0
})

afterAll(() => stack.stop())

let count = 0

interface Signed {
  destination: { id: string; signing_public_keys: string[]; signing_secrets: number }
  signing_secret: string | null
}

const signedIn = ({ body }: ApiResponse): Signed => body as unknown as Signed

async function destination(changes: object = {}): Promise<Signed> {
  count += 1
  const body = {
    name: `signed ${count}`,
    webhook_type: 'custom',
    webhook_url: stack.receiver.url,
    ...changes,
  }
  return signedIn(await callApi(stack, '/api/destinations', { body }))
}

async function rotate(id: string, body?: object): Promise<Signed> {
  return signedIn(
    await callApi(stack, `/api/destinations/${id}/signing-secret`, { method: 'POST', ...(body && { body }) }),
  )
}

async function received(id: string): Promise<ReceivedRequest> {
  await callApi(stack, '/api/webhook', { body: { ghost_vid: 'gv_a1b2c3d4_e5f6g7h8', destination_id: id } })
  const request = stack.receiver.requests.at(-1)
  if (!request) throw new Error('nothing was received')
  return request
}

/** The nth example of a language in docs/signatures.md. */
function example(language: string, index = 0): string {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/signatures.md'), 'utf8')
  const found = [...page.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, 'g'))][index]?.[1]
  if (found === undefined) throw new Error(`docs/signatures.md has no such example in ${language}`)
  return found
}

type VerifyWithKey = (key: string, body: string, headers: Record<string, unknown>) => boolean

async function verifyWithKey(): Promise<VerifyWithKey> {
  const module = `data:text/javascript,${encodeURIComponent(example('js', 1))}`
  return ((await import(module)) as { verifyWithKey: VerifyWithKey }).verifyWithKey
}

describe('signing with ed25519', () => {
  test('is verified by the documented code with the public key, and tampering is not', async () => {
    const verify = await verifyWithKey()
    const { destination: made, signing_secret } = await destination({ signing: 'ed25519' })
    expect(signing_secret).toBeNull()
    const [key = ''] = made.signing_public_keys
    expect(key).toMatch(/^whpk_[A-Za-z0-9+/]{43}=$/)
    const { body, headers } = await received(made.id)
    expect(headers['webhook-signature']).toMatch(/^v1a,/)
    expect(verify(key, body, headers)).toBe(true)
    expect(verify(key, `${body} `, headers)).toBe(false)
    expect(verify(key, body, { ...headers, 'webhook-id': 'other' })).toBe(false)
    expect(verify(key, body, { ...headers, 'webhook-timestamp': '1' })).toBe(false)
  })

  test('sends both signatures during a rotation and keeps its kind', async () => {
    const verify = await verifyWithKey()
    const { destination: made } = await destination({ signing: 'ed25519' })
    const rotated = await rotate(made.id)
    const [fresh = '', old = ''] = rotated.destination.signing_public_keys
    expect(old).toBe(made.signing_public_keys[0])
    const { body, headers } = await received(made.id)
    expect([verify(fresh, body, headers), verify(old, body, headers)]).toEqual([true, true])
  })

  test('replaces a shared secret, which also signs for a day', async () => {
    const { destination: made } = await destination()
    expect(made.signing_public_keys).toEqual([])
    const changed = await rotate(made.id, { signing: 'ed25519' })
    expect(changed).toMatchObject({ signing_secret: null, destination: { signing_secrets: 2 } })
    const { headers } = await received(made.id)
    expect(
      String(headers['webhook-signature'])
        .split(' ')
        .map((one) => one.split(',')[0]),
    ).toEqual(['v1a', 'v1'])
  })

  test('is refused for types without signatures', async () => {
    const body = { name: 'chat', webhook_type: 'slack', webhook_url: stack.receiver.url, signing: 'ed25519' }
    const refused = await callApi(stack, '/api/destinations', { body })
    expect([refused.status, refused.text.includes('"signing"')]).toEqual([400, true])
  })

  test('never returns the private key', async () => {
    const { destination: made } = await destination({ signing: 'ed25519' })
    const { text } = await callApi(stack, `/api/destinations/${made.id}`)
    expect(text).not.toContain('whsk_')
  })
})

interface Language {
  name: string
  /** Language of the fenced code block on the page. */
  fence: string
  program: string
  /** Argument that makes the program exit with 0 if it is installed. */
  probe: string
  /** Arguments that run a source, which may be written into a folder first. */
  run: (source: string, folder: string) => string[]
  /** A program around the documented example. It prints for each body whether the signature is valid, as JSON. */
  source: (documented: string) => string
}

const inFile = (name: string, source: string, folder: string): string => {
  writeFileSync(join(folder, name), source)
  return join(folder, name)
}

const goImports =
  '"crypto/hmac"; "crypto/sha256"; "encoding/base64"; "encoding/json"; "net/http"; "os"; "strconv"; "strings"; "time"'

const languages: readonly Language[] = [
  {
    name: 'JavaScript',
    fence: 'js',
    program: process.execPath,
    probe: '--version',
    run: (source) => ['--input-type=module', '-e', source],
    source: (documented) => `${documented}
      import { text } from 'node:stream/consumers'
      const { secret, bodies, headers } = JSON.parse(await text(process.stdin))
      const fits = (body) => { try { return Boolean(verify(secret, body, headers)) } catch { return false } }
      console.log(JSON.stringify(bodies.map(fits)))`,
  },
  {
    name: 'Python',
    fence: 'python',
    program: 'python3',
    probe: '--version',
    run: (source) => ['-c', source],
    source: (documented) => `import json, sys
${documented}
given = json.load(sys.stdin)
print(json.dumps([verify(given["secret"], body.encode(), given["headers"]) for body in given["bodies"]]))`,
  },
  {
    name: 'Go',
    fence: 'go',
    program: 'go',
    probe: 'version',
    run: (source, folder) => ['run', inFile('main.go', source, folder)],
    source: (documented) => `package main
      import (${goImports})
      ${documented}
      func main() {
        var given struct { Secret string; Bodies []string; Headers map[string]string }
        json.NewDecoder(os.Stdin).Decode(&given)
        h, fits := http.Header{}, []bool{}
        for name, value := range given.Headers { h.Set(name, value) }
        for _, body := range given.Bodies { fits = append(fits, verify(given.Secret, []byte(body), h)) }
        json.NewEncoder(os.Stdout).Encode(fits)
      }`,
  },
  {
    name: 'PHP',
    fence: 'php',
    program: 'php',
    probe: '--version',
    run: (source) => ['-r', source],
    source: (documented) => `${documented}
      $given = json_decode(stream_get_contents(STDIN), true);
      $fits = fn($body) => verify($given['secret'], $body, $given['headers']);
      echo json_encode(array_map($fits, $given['bodies']));`,
  },
]

describe.each(languages)('the documented $name', ({ fence, program, probe, run, source }) => {
  const isInstalled = spawnSync(program, [probe]).status === 0
  let folder: string

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ghostpost-signatures-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test.runIf(isInstalled)(
    'accepts exactly the bytes that were sent',
    async () => {
      const { destination: made, signing_secret: secret } = await destination()
      const { body, headers } = await received(made.id)
      const input = JSON.stringify({ secret, bodies: [body, `${body} `, ''], headers })
      const args = run(source(example(fence)), folder)
      // Where this package's dependencies are found, standardwebhooks among them.
      const cwd = import.meta.dirname
      const { stdout, stderr } = spawnSync(program, args, { cwd, input, encoding: 'utf8' })
      expect([stderr, stdout.trim().replaceAll(' ', '')]).toEqual(['', '[true,false,false]'])
    },
    120_000,
  )
})

describe('a worker whose clock is ten minutes fast', () => {
  /** Loaded before the program: its clock is wrong, and its timers are not. */
  const fastClock = `data:text/javascript,${encodeURIComponent(`
    const Real = Date
    const fastMs = 600_000
    globalThis.Date = class extends Real {
      constructor(...parts) { parts.length > 0 ? super(...parts) : super(Real.now() + fastMs) }
      static now() { return Real.now() + fastMs }
    }`)}`

  test('signs with the database’s time, and logs it', async () => {
    const { destination: made } = await destination()
    await stack.workers[0]?.stop()
    const worker = await stack.startWorker({}, [fastClock])
    const { headers, body } = await received(made.id)
    await worker.stop()
    const aheadOf = (ms: number): number => Math.abs(ms - Date.now())
    expect(aheadOf(Number(headers['webhook-timestamp']) * 1_000)).toBeLessThan(60_000)
    expect(aheadOf(Date.parse((JSON.parse(body) as { exported_at: string }).exported_at))).toBeLessThan(
      60_000,
    )
    const [attempt] = await stack.database.prisma.attempt.findMany({
      orderBy: { startedAt: 'desc' },
      take: 1,
    })
    expect(aheadOf(attempt?.startedAt.getTime() ?? 0)).toBeLessThan(60_000)
  })
})
