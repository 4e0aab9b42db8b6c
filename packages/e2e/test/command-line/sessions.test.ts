import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSessionToken, createUser } from '@ghostpost/test-kit/accounts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { callApi } from '@ghostpost/test-kit/processes/call-api'
import { runGhostpost, type CommandResult } from './run-ghostpost.ts'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

let stack: Stack
let home: string

beforeAll(async () => {
  stack = await startStack({ GHOSTPOST_SIGN_IN_MAX: '1000' }, 0)
})

afterAll(() => stack.stop())

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'ghostpost-cli-'))
})

afterEach(() => rmSync(home, { recursive: true, force: true }))

const config = (): string => join(home, 'ghostpost/config.json')
const stored = (): { url: string; session: string } =>
  JSON.parse(readFileSync(config(), 'utf8')) as { url: string; session: string }

function ghostpost(args: string[], { stdin = '', env = {} } = {}): Promise<CommandResult> {
  return runGhostpost(args, { env: { XDG_CONFIG_HOME: home, ...env }, stdin })
}

function login(password = stack.user.password): Promise<CommandResult> {
  const args = ['login', stack.api, '--email', stack.user.email, '--password-stdin']
  return ghostpost(args, { stdin: `${password}\n` })
}

describe('signing in', () => {
  test('stores the session readable only for this user, and prints no secret', async () => {
    const { exitCode, stdout, stderr } = await login()
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining(`as ${stack.user.email}`)])
    expect([statSync(config()).mode & 0o777, statSync(join(home, 'ghostpost')).mode & 0o777]).toEqual([
      0o600, 0o700,
    ])
    expect(stored()).toEqual({ url: stack.api, session: expect.stringMatching(/^.{20,}$/) })
    for (const secret of [stored().session, stack.user.password])
      expect(stdout + stderr).not.toContain(secret)
  })

  test('again ends the previous session', async () => {
    await login()
    const { session } = stored()
    await login()
    expect(stored().session).not.toBe(session)
    expect((await callApi(stack, '/api/session', { session })).status).toBe(401)
  })

  test('with a token reads it from stdin and checks it', async () => {
    const session = await createSessionToken(stack.database, stack.user.id)
    const { exitCode, stdout, stderr } = await ghostpost(
      ['login', `${stack.api}/`, '--token-stdin', '--json'],
      {
        stdin: `${session}\n`,
      },
    )
    expect([exitCode, JSON.parse(stdout)]).toMatchObject([0, { user: { email: stack.user.email } }])
    expect(stored()).toEqual({ url: stack.api, session })
    expect(stdout + stderr).not.toContain(session)
    const refused = await ghostpost(['login', stack.api, '--token-stdin'], { stdin: 'not-a-session' })
    expect([refused.exitCode, stored().session]).toEqual([3, session])
  })

  test('with a wrong password is refused and stores nothing', async () => {
    const { exitCode, stderr } = await login('wrong')
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('(invalid_credentials)')])
    expect(existsSync(config())).toBe(false)
  })

  test.each([
    ['over plain HTTP', ['login', 'http://ghostpost.example.com', '--token-stdin']],
    ['at an invalid URL', ['login', 'ghostpost', '--token-stdin']],
    ['at a URL with a password', ['login', 'https://a:b@ghostpost.example.com', '--token-stdin']],
    ['without a terminal to prompt on', ['login', 'https://ghostpost.example.com']],
    ['with a password and no e-mail address', ['login', 'https://ghostpost.example.com', '--password-stdin']],
  ])('%s ends with exit code 2', async (_name, args) => {
    const { exitCode, stdout } = await ghostpost(args, { stdin: 'x' })
    expect([exitCode, stdout]).toEqual([2, ''])
  })
})

describe('the session', () => {
  test('is shown by whoami', async () => {
    await login()
    const { exitCode, stdout } = await ghostpost(['whoami', '--json'])
    expect([exitCode, JSON.parse(stdout)]).toMatchObject([
      0,
      { url: stack.api, sites: [{ id: 4, role: 'operator' }] },
    ])
  })

  test('ends at the API with logout', async () => {
    await login()
    const { session } = stored()
    expect((await ghostpost(['logout'])).exitCode).toBe(0)
    expect([existsSync(config()), (await callApi(stack, '/api/session', { session })).status]).toEqual([
      false,
      401,
    ])
    const { exitCode, stderr } = await ghostpost(['whoami'])
    expect([exitCode, stderr]).toEqual([2, 'You are not signed in. Sign in with: ghostpost login <url>\n'])
  })

  test('of the environment has precedence over the stored one', async () => {
    const env = { GHOSTPOST_API_URL: stack.api, GHOSTPOST_SESSION: stack.session }
    const { exitCode, stdout } = await ghostpost(['whoami'], { env })
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining(stack.user.email)])
    expect(existsSync(config())).toBe(false)
  })

  test('of one API is not sent to another', async () => {
    await login()
    const cookies: (string | undefined)[] = []
    const other = createServer((request, response) => {
      cookies.push(request.headers.cookie)
      response.end('{}')
    })
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`
    const { exitCode, stderr } = await ghostpost(['whoami'], { env: { GHOSTPOST_API_URL: url } })
    other.close()
    expect([exitCode, stderr, cookies]).toEqual([2, expect.stringContaining(`not signed in to ${url}`), []])
  })

  test('in a file that other users can read causes a warning', async () => {
    await login()
    chmodSync(config(), 0o644)
    const { exitCode, stderr } = await ghostpost(['whoami'])
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('Others on this machine can read')])
  })

  test('in a broken file causes an error', async () => {
    await login()
    writeFileSync(config(), '{')
    const { exitCode, stderr } = await ghostpost(['whoami'])
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('cannot be read')])
  })
})

describe('the exit code', () => {
  test('is 3 when the session has ended', async () => {
    const session = await createSessionToken(stack.database, stack.user.id, 'expired')
    const env = { GHOSTPOST_API_URL: stack.api, GHOSTPOST_SESSION: session }
    const { exitCode, stdout, stderr } = await ghostpost(['whoami', '--json'], { env })
    expect([exitCode, stdout, stderr]).toEqual([
      3,
      '',
      expect.stringContaining('Sign in with: ghostpost login'),
    ])
    expect(stderr).toMatch(/request id \S+/)
    expect(stderr).not.toContain(session)
  })

  test('is 4 when nothing responds, or something other than Ghostpost', async () => {
    const other = createServer((_request, response) => {
      response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>')
    })
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`
    const env = { GHOSTPOST_API_URL: url, GHOSTPOST_SESSION: 'x' }
    const gateway = await ghostpost(['whoami'], { env })
    await new Promise((resolve) => other.close(resolve))
    const unreachable = await ghostpost(['whoami'], { env })
    expect([gateway.exitCode, unreachable.exitCode, unreachable.stderr]).toEqual([
      4,
      4,
      expect.stringContaining('ECONNREFUSED'),
    ])
  })

  test.each([[['deliveries', 'list', '--nonsense']], [['nonsense']], [['deliveries', 'show']], [[]]])(
    'is 2 for the command line %j',
    async (args) => {
      const { exitCode, stdout } = await ghostpost(args)
      expect([exitCode, stdout]).toEqual([2, ''])
    },
  )
})

test('a person lists their own sessions and ends the others', async () => {
  const user = await createUser(stack.database, [4])
  const [mine, other, third] = [
    await createSessionToken(stack.database, user.id),
    await createSessionToken(stack.database, user.id),
    await createSessionToken(stack.database, user.id),
  ]
  await ghostpost(['login', stack.api, '--token-stdin'], { stdin: mine })
  const listed = await ghostpost(['sessions', 'list', '--json'])
  const { items } = JSON.parse(listed.stdout) as { items: { id: string; current: boolean }[] }
  expect(items.map(({ current }) => current)).toEqual([true, false, false])
  expect((await ghostpost(['sessions', 'list'])).stdout).toContain('in use')
  const ended = await ghostpost(['sessions', 'end', items[1]?.id ?? ''])
  expect([ended.exitCode, ended.stdout]).toEqual([0, `${items[1]?.id} has ended.\n`])
  expect((await ghostpost(['sessions', 'end-others'])).exitCode).toBe(0)
  const after = [mine, other, third].map((session) => callApi(stack, '/api/session', { session }))
  expect((await Promise.all(after)).map(({ status }) => status)).toEqual([200, 401, 401])
  expect((await ghostpost(['sessions', 'end', items[1]?.id ?? ''])).stderr).toContain('no live session')
})

describe('with an API key', () => {
  test('keys are created, listed and revoked, and one in the environment replaces the session', async () => {
    await login()
    const create = ['api-keys', 'create', '--name', 'nightly feed', '--role', 'viewer', '--days', '7']
    const created = await ghostpost(create)
    expect([created.exitCode, created.stdout.trim()]).toEqual([0, expect.stringMatching(/^gp_\w{49}$/)])
    const key = created.stdout.trim()
    const env = {
      XDG_CONFIG_HOME: join(home, 'nowhere'),
      GHOSTPOST_API_URL: stack.api,
      GHOSTPOST_API_KEY: key,
    }
    const whoami = await ghostpost(['whoami', '--json'], { env })
    expect(JSON.parse(whoami.stdout)).toMatchObject({ sites: [{ id: 4, role: 'viewer' }] })
    const listed = await ghostpost(['api-keys', 'list', '--json'])
    const { items } = JSON.parse(listed.stdout) as { items: { id: string; name: string }[] }
    expect(items).toMatchObject([{ name: 'nightly feed', role: 'viewer', state: 'live' }])
    expect((await ghostpost(['api-keys', 'revoke', items[0]?.id ?? ''])).exitCode).toBe(0)
    expect((await ghostpost(['whoami'], { env })).exitCode).toBe(3)
  })

  test('that is none, nothing is sent', async () => {
    const env = { GHOSTPOST_API_URL: stack.api, GHOSTPOST_API_KEY: 'a b' }
    const { exitCode, stderr } = await ghostpost(['whoami'], { env })
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('GHOSTPOST_API_KEY')])
  })
})

describe('managing accounts', () => {
  const accounts = async (...args: string[]): Promise<CommandResult> => {
    const { id } = await createUser(stack.database, [4, 7], 'admin')
    const session = await createSessionToken(stack.database, id)
    return ghostpost(['accounts', ...args], {
      env: { GHOSTPOST_API_URL: stack.api, GHOSTPOST_SESSION: session },
    })
  }

  test('invites, lists, changes, disables, enables, resets and removes an account by its address', async () => {
    const email = 'invited@example.test'
    const invited = await accounts('invite', email, '--role', 'viewer')
    expect([invited.exitCode, invited.stdout]).toEqual([
      0,
      expect.stringMatching(/link +http\S+\/ops\/join#\S{40,}/),
    ])
    expect(invited.stderr).toContain('give the link to the person')
    expect((await accounts('list')).stdout).toMatch(
      /invited@example\.test +invited@example\.test +viewer +invited/,
    )
    expect((await accounts('role', email, 'operator')).stdout).toBe(`${email} is operator.\n`)
    expect((await accounts('disable', email)).stdout).toBe(`${email} is disabled.\n`)
    expect((await accounts('reset', email)).stderr).toContain('account_disabled')
    expect((await accounts('enable', email)).stdout).toBe(`${email} is enabled.\n`)
    const reset = await accounts('reset', email.toUpperCase(), '--json')
    expect(JSON.parse(reset.stdout)).toMatchObject({ emailed: false, link: expect.stringContaining('#') })
    expect((await accounts('remove', email)).stdout).toContain('has no role in this site')
    expect((await accounts('remove', email)).exitCode).toBe(2)
  })

  test('says what is wrong with a role and an address', async () => {
    expect((await accounts('role', stack.user.email, 'owner')).stderr).toContain('"owner" is not a role')
    expect((await accounts('disable', 'nobody@example.test')).stderr).toContain('No account of this site')
    expect((await accounts('invite', 'a@example.test', '--role', 'owner')).exitCode).toBe(2)
  })
})
