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
 * Creates a client for the API in the environment, else for the API of the stored session.
 * @throws UsageError when there is no session for that API
 */
export function connect(env: ProcessIo['env'], { note }: Pick<Output, 'note'>): Connection {
  const stored = readSession(env)
  const envUrl = env['GHOSTPOST_API_URL']
  const url = envUrl ? parseApiUrl(envUrl) : stored?.url
  if (url === undefined) throw new UsageError('You are not signed in. Sign in with: ghostpost login <url>')
  // Send the stored session only to the API that issued it.
  const session = env['GHOSTPOST_SESSION'] || (stored?.url === url ? stored.session : undefined)
  if (session === undefined)
    throw new UsageError(`You are not signed in to ${url}. Sign in with: ghostpost login ${url}`)
  if (!/^[\w.~+/=-]{1,4096}$/.test(session)) throw new UsageError('The session is not a valid session token.')
  if (!env['GHOSTPOST_SESSION'] && isReadableByOthers(env))
    note('Others on this machine can read your session. Sign in again to restrict the file.')
  return { url, session, client: createClient({ url, session }) }
}

/**
 * Parses the URL of an API and removes a slash at its end.
 * @throws UsageError unless it is an http or https URL without credentials, query and fragment
 */
export function parseApiUrl(text: string): string {
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash)
    throw new UsageError('The API needs a URL such as https://ghostpost.example.com')
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '')
}

/** Whether the network can read what is sent to the URL: plain HTTP to another machine. */
export function isPlainHttp(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  return protocol === 'http:' && !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
}
