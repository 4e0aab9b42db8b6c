import { createClient, type Client } from '@ghostpost/client'
import { isReadableByOthers, readSession } from './config-file.ts'
import { UsageError } from './exit-codes.ts'
import type { Output } from './output.ts'
import type { ProcessIo } from './process-io.ts'

export interface Connection {
  url: string
  session: string
  client: Client
}

/**
 * Connects to where one is signed in, or to what the environment names.
 * @throws UsageError when nobody is signed in there
 */
export function connect(env: ProcessIo['env'], { note }: Pick<Output, 'note'>): Connection {
  const stored = readSession(env)
  const envUrl = env['GHOSTPOST_API_URL']
  const url = envUrl ? parseApiUrl(envUrl) : stored?.url
  if (url === undefined) throw new UsageError('You are not signed in. Sign in with: ghostpost login <url>')
  // A stored session is for the API that gave it, and told to no other.
  const session = env['GHOSTPOST_SESSION'] || (stored?.url === url ? stored.session : undefined)
  if (session === undefined)
    throw new UsageError(`You are not signed in to ${url}. Sign in with: ghostpost login ${url}`)
  if (!/^[\w.~+/=-]{1,4096}$/.test(session)) throw new UsageError('The session is no session token.')
  if (!env['GHOSTPOST_SESSION'] && isReadableByOthers(env))
    note('Others on this machine can read your session; sign in again, and the file is closed to them.')
  return { url, session, client: createClient({ url, session }) }
}

/**
 * The address of an API as it is stored: without a slash at its end.
 * @throws UsageError unless it is an http or https URL and nothing more
 */
export function parseApiUrl(text: string): string {
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash)
    throw new UsageError('The address of the API is an URL such as https://ghostpost.example.com')
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '')
}

/** Whether what is sent there can be read on the way. */
export function isPlainHttp(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  return protocol === 'http:' && !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
}
