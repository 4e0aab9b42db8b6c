import { listenAddressIn, entryOf, type RunningProcess } from '@ghostpost/test-kit/processes/start-process'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { startProgram } from '../programs.ts'
import { medianOf } from './median.ts'

/** Seals destinations of the loaded log, and opens them. */
export const benchKeys = `bench:${Buffer.alloc(32, 7).toString('base64')}`

export interface LogStores {
  postgresUrl: string
  redisUrl: string
}

/** Address of the API and a session. */
export interface Caller {
  session: string
  address: string
}

/** The environment of all processes. @param ports where receivers listen on this machine */
export function environmentOf(
  { postgresUrl, redisUrl }: LogStores,
  ports: readonly number[],
): Record<string, string> {
  return {
    GHOSTPOST_PORT: '0',
    GHOSTPOST_METRICS_PORT: '0',
    GHOSTPOST_COOKIE_SECURE: 'false',
    GHOSTPOST_DRAIN_MS: '0',
    GHOSTPOST_LOG_LEVEL: 'info',
    GHOSTPOST_RATE_LIMIT_IP: '0',
    GHOSTPOST_RATE_LIMIT_SESSION: '0',
    // One user and one address get a part of these.
    GHOSTPOST_MAX_LISTENERS: '12000',
    GHOSTPOST_MAX_CONNECTIONS: '8000',
    GHOSTPOST_SECRET_KEYS: benchKeys,
    GHOSTPOST_ALLOWED_ADDRESSES: ports.map((port) => `127.0.0.1/32:${port}`).join(' '),
    DATABASE_URL: postgresUrl,
    QUEUE_URL: redisUrl,
  }
}

export async function startBenchApi(
  environment: Readonly<Record<string, string>>,
): Promise<RunningProcess & { address: string }> {
  const api = await startProgram(entryOf('api'), environment)
  return { ...api, address: await waitUntil('the API listens', () => listenAddressIn(api.output())) }
}

export async function fetchApi({ session, address }: Caller, path: string, body?: object): Promise<Response> {
  return fetch(new URL(path, address), {
    headers: { cookie: `session=${session}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
  })
}

/** What the API answers. @throws when it refuses */
export async function fetchJson<T>(caller: Caller, path: string, body?: object): Promise<T> {
  const response = await fetchApi(caller, path, body)
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return (await response.json()) as T
}

/** Median duration of several runs, in milliseconds. */
export async function medianMs(times: number, work: (round: number) => Promise<unknown>): Promise<number> {
  const durations: number[] = []
  for (let round = 0; round < times; round += 1) {
    const start = performance.now()
    await work(round)
    durations.push(performance.now() - start)
  }
  return medianOf(durations)
}
