import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callApi, type ApiResponse } from '@ghostpost/test-kit/processes/call-api'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

const program = join(import.meta.dirname, '../../../../apps/api/src/commands/add-account.ts')
const password = 'a planted pass phrase'
let stack: Stack

beforeAll(async () => {
  stack = await startStack({}, 0)
})
afterAll(() => stack.stop())

async function addAccount(args: string[], input: string): Promise<{ code: number | null; output: string }> {
  const env = {
    DATABASE_URL: stack.database.url,
    QUEUE_URL: stack.queue.url,
    PATH: process.env['PATH'] ?? '',
  }
  const child = spawn(process.execPath, [program, ...args], { env, stdio: 'pipe' })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => void (output += String(chunk)))
  child.stdin.end(input)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, output }
}

const signIn = (email: string): Promise<ApiResponse> =>
  callApi(stack, '/api/session', { body: { email, password }, session: null })

test('the first account of an installation signs in, with its role in a site made for it', async () => {
  const args = [
    '--email',
    'Ada@example.com',
    '--name',
    'Ada',
    '--site',
    '77',
    '--role',
    'admin',
    '--site-name',
    'Our shop',
  ]
  const { code, output } = await addAccount(args, `${password}\n`)
  expect({ code, output }).toEqual({ code: 0, output: 'Ada@example.com was created: admin of site 77.\n' })
  expect(await signIn('ada@example.com')).toMatchObject({
    status: 200,
    body: { user: { name: 'Ada' }, sites: [{ id: 77, name: 'Our shop', role: 'admin' }] },
  })
})

test('an existing account gets a role in another site and keeps its password', async () => {
  const { code, output } = await addAccount(
    ['--email', 'ada@example.com', '--site', '4', '--role', 'viewer'],
    '',
  )
  expect({ code, output }).toEqual({
    code: 0,
    output: 'ada@example.com was given the role: viewer of site 4.\n',
  })
  const again = await addAccount(['--email', 'ada@example.com', '--site', '4', '--role', 'viewer'], password)
  expect(again.output).toBe('ada@example.com is viewer of site 4 already. Nothing changed.\n')
  const { sites } = (await signIn('ada@example.com')).body as { sites: { id: number; role: string }[] }
  expect(sites).toMatchObject([
    { id: 4, role: 'viewer' },
    { id: 77, role: 'admin' },
  ])
})

test('an existing account with another password is refused, and nothing changes', async () => {
  const args = ['--email', 'ada@example.com', '--site', '4', '--role', 'operator']
  const { code, output } = await addAccount(args, 'another long password')
  expect({ code, output }).toEqual({
    code: 2,
    output: expect.stringContaining('has another password. Nothing changed'),
  })
  expect((await signIn('ada@example.com')).body).toMatchObject({
    sites: [{ id: 4, role: 'viewer' }, { id: 77 }],
  })
})

test('it says what it did not do, because it existed', async () => {
  const args = ['--email', 'ada@example.com', '--name', 'Countess', '--site', '77', '--site-name', 'Other']
  const { output } = await addAccount([...args, '--role', 'admin'], '')
  expect(output).toContain('The site exists. It keeps its name: Our shop.')
  expect(output).toContain('The account exists. It keeps its name.')
})

test('the last admin of a site is not demoted, and a disabled account gets nothing', async () => {
  const args = ['--email', 'ada@example.com', '--site', '77', '--role', 'viewer']
  expect((await addAccount(args, '')).output).toContain('the last admin who can sign in. Nothing changed')
  const { email } = stack.user
  await stack.database.prisma.user.update({ where: { email }, data: { disabledAt: new Date() } })
  const refused = await addAccount(['--email', email, '--site', '4', '--role', 'admin'], '')
  expect(refused).toEqual({ code: 2, output: expect.stringContaining('is disabled. Nothing changed') })
})

test('the audit log has the account and its roles', async () => {
  const { rows } = await stack.database.pool.query(
    `select action, site_id, details from audit_log where request_id = 'add-account' order by id`,
  )
  expect(rows).toMatchObject([
    { action: 'account.created', site_id: 77, details: { email: 'ada@example.com', role: 'admin' } },
    { action: 'account.role_changed', site_id: 4, details: { role: 'viewer' } },
  ])
})

test.each([
  [
    'with an unknown site',
    ['--email', 'b@example.com', '--site', '78', '--role', 'admin'],
    password,
    'There is no site 78',
  ],
  [
    'with a short password',
    ['--email', 'b@example.com', '--site', '4', '--role', 'admin'],
    'short',
    'at least 12 characters',
  ],
  ['without a role', ['--email', 'b@example.com', '--site', '4'], password, 'Usage: node'],
  [
    'with an unknown role',
    ['--email', 'b@example.com', '--site', '4', '--role', 'owner'],
    password,
    'Usage: node',
  ],
  ['with an unknown option', ['--emial', 'b@example.com'], password, 'Usage: node'],
])('%s the command creates nothing and names the remedy', async (_what, args, input, sentence) => {
  const { code, output } = await addAccount(args, input)
  expect({ code, output }).toEqual({ code: 2, output: expect.stringContaining(sentence) })
  expect(output).not.toContain(password)
  expect((await signIn('b@example.com')).status).toBe(401)
})
