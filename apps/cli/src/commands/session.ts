import { text as askText, isCancel, password as askPassword } from '@clack/prompts'
import { ApiProblem, createClient, orThrow, signIn, type SessionView } from '@ghostpost/client'
import type { Command } from 'commander'
import { configFile, forget, readStored, store } from '../config-file.ts'
import { apiUrl, isInTheClear } from '../connection.ts'
import { defineCommand, type Context, type Definitions } from '../define-command.ts'
import { UsageError } from '../exit-codes.ts'
import { table } from '../output.ts'
import { readAll } from '../surroundings.ts'

interface LoginOptions {
  email?: string
  passwordStdin?: true
  tokenStdin?: true
  allowHttp?: true
}

const pipedBytesMax = 8_192

export function sessionCommands(root: Command, within: Definitions): void {
  defineCommand<LoginOptions>(root, within, {
    usage: 'login <url>',
    summary: 'Sign in to an API, and stay signed in.',
    example: 'login https://ghostpost.example.com --email ada@example.com',
    options: (command) =>
      command
        .option('--email <address>', 'e-mail address; asked for unless given')
        .option('--password-stdin', 'read the password from stdin')
        .option('--token-stdin', 'read a session token from stdin instead')
        .option('--allow-http', 'send the password even where others on the way can read it'),
    run: login,
  })
  defineCommand(root, within, {
    usage: 'logout',
    summary: 'End the session, here and at the API.',
    example: 'logout',
    run: logout,
  })
  defineCommand(root, within, {
    usage: 'whoami',
    summary: 'Who is signed in, where, and which sites they reach.',
    example: 'whoami --json',
    run: async (context) => {
      const { url, client } = context.connection()
      const view = await orThrow(client.GET('/api/session'))
      context.show(
        { url, ...view },
        () => `${view.user.email} at ${url}, until ${view.expires_at}\n\n${sitesOf(view)}`,
      )
    },
  })
}

async function login(context: Context<LoginOptions>, given: string): Promise<void> {
  const url = apiUrl(given)
  if (isInTheClear(url) && !context.options.allowHttp)
    throw new UsageError('Others on the way could read what is sent there. Use https, or say --allow-http.')
  const { session, view } = context.options.tokenStdin
    ? await byToken(context, url)
    : await byPassword(context, url)
  const file = store(context.env, { url, session })
  context.output.note(`The session is stored in ${file}.`)
  context.show({ url, ...view }, () => `Signed in to ${url} as ${view.user.email}.\n\n${sitesOf(view)}`)
}

interface Session {
  session: string
  view: SessionView
}

async function byToken({ stdin }: Context<LoginOptions>, url: string): Promise<Session> {
  const session = (await readAll(stdin, pipedBytesMax)).trim()
  if (!/^[\w.~+/=-]+$/.test(session)) throw new UsageError('What was piped in is no session token.')
  return { session, view: await orThrow(createClient({ url, session }).GET('/api/session')) }
}

/** The session there was ends with it. */
async function byPassword(context: Context<LoginOptions>, url: string): Promise<Session> {
  const account = await accountOf(context)
  const stored = readStored(context.env)
  const earlier = stored?.url === url ? { session: stored.session } : {}
  const { session, view } = await signIn({ url, ...earlier }, account)
  if (session === null) throw new Error('The API gave no session.')
  return { session, view }
}

async function accountOf(context: Context<LoginOptions>): Promise<{ email: string; password: string }> {
  const { stdin, stderr, options } = context
  const at = { input: stdin as NodeJS.ReadStream, output: stderr }
  if (options.passwordStdin) {
    if (!options.email) throw new UsageError('With --password-stdin say --email, too.')
    return { email: options.email, password: (await readAll(stdin, pipedBytesMax)).replace(/\r?\n$/, '') }
  }
  if (!stdin.isTTY)
    throw new UsageError('There is no terminal to ask at: use --password-stdin or --token-stdin.')
  const email = options.email ?? answered(await askText({ message: 'E-mail address', ...at }))
  return { email, password: answered(await askPassword({ message: 'Password', ...at })) }
}

function answered(value: string | symbol): string {
  if (isCancel(value)) throw new UsageError('Not signed in.')
  return String(value)
}

async function logout({ env, output, options, connection }: Context<object>): Promise<void> {
  const { url, client } = connection()
  const { response, error } = await client.DELETE('/api/session')
  // Ended already is as good.
  if (!response.ok && response.status !== 401) throw new ApiProblem(response, error)
  if (readStored(env)?.url === url) forget(env)
  if (options.json) return output.json({ url, signed_out: true })
  output.line(`Signed out of ${url}; nothing is left in ${configFile(env)}.`)
}

function sitesOf({ sites }: SessionView): string {
  return table(
    ['SITE', 'ROLE', 'NAME'],
    sites.map(({ id, role, name }) => [id, role, name]),
  )
}
