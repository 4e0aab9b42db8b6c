import { createClient, type Client } from '@ghostpost/client'
import { isReadableByOthers, readSession } from './config-file.ts'
import { UsageError } from './exit-codes.ts'
import type { Output } from './output.ts'
import type { ProcessIo } from './process-io.ts'

export interface Connection {
  url: string
  client: Client
}

/**
 * Creates a client for the API in the environment, else for the API of the stored session. An API key in the
 * environment replaces the session.
 * @throws UsageError when there is no session and no key for that API
 */
export function connect(env: ProcessIo['env'], { note }: Pick<Output, 'note'>): Connection {
  const stored = readSession(env)
  const envUrl = env['GHOSTPOST_API_URL']
  const url = envUrl ? parseApiUrl(envUrl) : stored?.url
  if (url === undefined) throw new UsageError('You are not signed in. Sign in with: ghostpost login <url>')
  const apiKey = env['GHOSTPOST_API_KEY']
  if (apiKey) return withKey(url, apiKey)
  // Send the stored session only to the API that issued it.
  const session = env['GHOSTPOST_SESSION'] || (stored?.url === url ? stored.session : undefined)
  if (session === undefined)
    throw new UsageError(`You are not signed in to ${url}. Sign in with: ghostpost login ${url}`)
  if (!/^[\w.~+/=-]{1,4096}$/.test(session)) throw new UsageError('The session is not a valid session token.')
  if (!env['GHOSTPOST_SESSION'] && isReadableByOthers(env))
    note('Others on this machine can read your session. Sign in again to restrict the file.')
  return { url, client: createClient({ url, session }) }
}

function withKey(url: string, apiKey: string): Connection {
  if (!/^gp_[0-9A-Za-z]{1,120}$/.test(apiKey)) throw new UsageError('GHOSTPOST_API_KEY is not an API key.')
  return { url, client: createClient({ url, apiKey }) }
}

/**
 * Parses the URL of an API and removes a slash at its end.
 * @throws UsageError unless it is an http or https URL without credentials, query and fragment
 */
export function parseApiUrl(text: string): string {
  // Node 20 has no URL.parse.
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash)
    throw new UsageError('The API needs a URL such as https://ghostpost.example.com')
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '')
}

/** Whether the network can read what is sent to the URL: plain HTTP to another machine. */
export function isPlainHttp(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  return protocol === 'http:' && !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
}
