import { text as askText, isCancel, password as askPassword } from '@clack/prompts'
import { ApiProblem, createClient, orThrow, signIn, type SessionView } from '@ghostpost/client'
import type { Command } from 'commander'
import { configFile, forgetSession, readSession, storeSession } from '../config-file.ts'
import { parseApiUrl, isPlainHttp } from '../connection.ts'
import { defineCommand, type Context, type CommandDeps } from '../define-command.ts'
import { UsageError } from '../exit-codes.ts'
import { formatTable } from '../output.ts'
import { readStdin } from '../process-io.ts'

interface LoginOptions {
  email?: string
  passwordStdin?: true
  tokenStdin?: true
  allowHttp?: true
}

const pipedBytesMax = 8_192

export function sessionCommands(root: Command, deps: CommandDeps): void {
  defineCommand<LoginOptions>(root, deps, {
    usage: 'login <url>',
    summary: 'Sign in to an API and store the session.',
    example: 'login https://ghostpost.example.com --email ada@example.com',
    options: (command) =>
      command
        .option('--email <address>', 'e-mail address; prompted for by default')
        .option('--password-stdin', 'read the password from stdin')
        .option('--token-stdin', 'read a session token from stdin instead')
        .option('--allow-http', 'allow plain HTTP, where the network can read the password'),
    run: login,
  })
  defineCommand(root, deps, {
    usage: 'logout',
    summary: 'End the session at the API and delete it here.',
    example: 'logout',
    run: logout,
  })
  defineCommand(root, deps, {
    usage: 'whoami',
    summary: 'Show the signed-in user, the API and the user’s sites.',
    example: 'whoami --json',
    run: async (context) => {
      const { url, client } = context.connection()
      const view = await orThrow(client.GET('/api/session'))
      context.show(
        { url, ...view },
        () => `${view.user.email} at ${url}, until ${view.expires_at}\n\n${formatSites(view)}`,
      )
    },
  })
}

async function login(context: Context<LoginOptions>, urlText: string): Promise<void> {
  const url = parseApiUrl(urlText)
  if (isPlainHttp(url) && !context.options.allowHttp)
    throw new UsageError('The network can read plain HTTP. Use https, or set --allow-http.')
  const { session, view } = context.options.tokenStdin
    ? await signInByToken(context, url)
    : await signInByPassword(context, url)
  const file = storeSession(context.env, { url, session })
  context.output.note(`The session is stored in ${file}.`)
  context.show({ url, ...view }, () => `Signed in to ${url} as ${view.user.email}.\n\n${formatSites(view)}`)
}

interface Session {
  session: string
  view: SessionView
}

async function signInByToken({ stdin }: Context<LoginOptions>, url: string): Promise<Session> {
  const session = (await readStdin(stdin, pipedBytesMax)).trim()
  if (!/^[\w.~+/=-]+$/.test(session)) throw new UsageError('stdin is not a session token.')
  return { session, view: await orThrow(createClient({ url, session }).GET('/api/session')) }
}

/** Also ends the session that is stored for the same API. */
async function signInByPassword(context: Context<LoginOptions>, url: string): Promise<Session> {
  const account = await readAccount(context)
  const stored = readSession(context.env)
  const oldSession = stored?.url === url ? { session: stored.session } : {}
  const { session, view } = await signIn({ url, ...oldSession }, account)
  if (session === null) throw new Error('The API returned no session.')
  return { session, view }
}

async function readAccount(context: Context<LoginOptions>): Promise<{ email: string; password: string }> {
  const { stdin, stderr, options } = context
  const streams = { input: stdin as NodeJS.ReadStream, output: stderr }
  if (options.passwordStdin) {
    if (!options.email) throw new UsageError('With --password-stdin also set --email.')
    return { email: options.email, password: (await readStdin(stdin, pipedBytesMax)).replace(/\r?\n$/, '') }
  }
  if (!stdin.isTTY)
    throw new UsageError('There is no terminal to prompt on: use --password-stdin or --token-stdin.')
  const email = options.email ?? requireInput(await askText({ message: 'E-mail address', ...streams }))
  return { email, password: requireInput(await askPassword({ message: 'Password', ...streams })) }
}

function requireInput(value: string | symbol): string {
  if (isCancel(value)) throw new UsageError('Not signed in.')
  return String(value)
}

async function logout({ env, output, options, connection }: Context<object>): Promise<void> {
  const { url, client } = connection()
  const { response, error } = await client.DELETE('/api/session')
  // 401: the session has already ended.
  if (!response.ok && response.status !== 401) throw new ApiProblem(response, error)
  if (readSession(env)?.url === url) forgetSession(env)
  if (options.json) return output.json({ url, signed_out: true })
  output.line(`Signed out of ${url}; ${configFile(env)} is deleted.`)
}

function formatSites({ sites }: SessionView): string {
  return formatTable(
    ['SITE', 'ROLE', 'NAME'],
    sites.map(({ id, role, name }) => [id, role, name]),
  )
}
