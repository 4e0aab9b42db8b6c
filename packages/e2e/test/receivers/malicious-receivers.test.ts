import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { startFaultProxy } from '@ghostpost/test-kit/fault-proxy'
import {
  dripBody,
  dripHead,
  endlessHead,
  gzipBomb,
  hugeBody,
  neverRespond,
  resetMidBody,
} from '@ghostpost/test-kit/receiver/reactions'
import { startReceiver, type Reaction, type Receiver } from '@ghostpost/test-kit/receiver/receiver'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callApi } from '@ghostpost/test-kit/processes/call-api'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

const attemptTimeoutMs = 1_500
/** The number of concurrent requests that an unknown receiver gets. */
const concurrency = 16
const mib = 1_024 ** 2

let stack: Stack
const stopping: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  stack = await startStack({
    GHOSTPOST_ALLOWED_ADDRESSES: '127.0.0.1/32',
    GHOSTPOST_CONNECT_TIMEOUT_MS: '700',
    GHOSTPOST_ANSWER_TIMEOUT_MS: '1000',
    GHOSTPOST_ATTEMPT_TIMEOUT_MS: String(attemptTimeoutMs),
    GHOSTPOST_RETRY_SCHEDULE: '0s',
  })
})

afterAll(async () => {
  await stack.stop()
  await Promise.all(stopping.map((stop) => stop()))
})

async function receiverThat(reaction: Reaction): Promise<string> {
  const receiver = await startReceiver()
  stopping.push(receiver.stop)
  receiver.always(reaction)
  return receiver.url
}

/** A receiver whose TLS handshake takes longer than the connect timeout. */
async function slowTls(): Promise<string> {
  const secure: Receiver = await startReceiver({ certificate: 'good' })
  const dripping = await startFaultProxy(secure.port)
  dripping.setMode({ kind: 'drip', everyMs: 50 })
  stopping.push(secure.stop, dripping.stop)
  return `https://127.0.0.1:${dripping.port}/`
}

interface Attempt {
  outcome: string
  responseEnd: string | null
  responseBytes: number
  durationMs: number
}

async function attemptsAt(webhook_url: string): Promise<Attempt[]> {
  const body = { ghost_vid: 'gv_a1b2c3d4_e5f6g7h8', webhook_url }
  const headers = { prefer: 'respond-async' }
  const accepted = await Promise.all(
    Array.from({ length: concurrency }, () => callApi(stack, '/api/webhook', { body, headers })),
  )
  const ids = accepted.map((one) => String(one.body?.['delivery_id']))
  return waitUntil('all attempts are recorded', async () => {
    const attempts = await stack.database.prisma.attempt.findMany({ where: { deliveryId: { in: ids } } })
    return attempts.length === ids.length && attempts
  })
}

const bomb = gzipBomb(256 * mib)

const cases: [name: string, url: () => Promise<string>, expected: string][] = [
  ['drips its body', () => receiverThat(dripBody({ bytesPerSecond: 20 })), 'answered deadline'],
  ['drips its head', () => receiverThat(dripHead(100)), 'answered deadline'],
  ['sends endless headers', () => receiverThat(endlessHead()), 'answered reset'],
  ['sends a gzip bomb of 256 MiB', () => receiverThat(bomb), 'answered size'],
  ['sends 1 GiB', () => receiverThat(hugeBody(1_024 * mib)), 'answered size'],
  ['has a slow TLS handshake', slowTls, 'timed_out'],
  ['resets the connection within the body', () => receiverThat(resetMidBody()), 'answered reset'],
  ['never responds', () => receiverThat(neverRespond()), 'timed_out'],
]

/** The peak memory of a process so far, in bytes. */
async function peakMemoryOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) * 1_024
}

/** Starts all of them as new receivers and exports to them at the same time. */
async function attackWithAll(): Promise<void> {
  const urls = await Promise.all(cases.map(([, url]) => url()))
  await Promise.all(urls.map(attemptsAt))
}

describe('a receiver that', () => {
  test.each(cases)('%s is cut off by the deadline at the latest', async (_name, url, expected) => {
    const attempts = await attemptsAt(await url())
    expect(
      new Set(attempts.map(({ outcome, responseEnd }) => [outcome, responseEnd].filter(Boolean).join(' '))),
    ).toEqual(new Set([expected]))
    for (const { durationMs, responseBytes } of attempts) {
      // Much shorter than any of them would take without a deadline, and longer than a busy machine delays an attempt.
      expect(durationMs).toBeLessThan(attemptTimeoutMs + 10_000)
      expect(responseBytes).toBeLessThanOrEqual(64 * 1_024)
    }
  })
})

test.runIf(existsSync('/proc/self/status'))(
  'all of them together do not make the worker’s memory grow',
  async () => {
    const pid = stack.workers[0]?.pid ?? 0
    // Buffers are collected late, so a new process grows at first, whatever its receivers send.
    for (let round = 0; round < 5; round += 1) await attackWithAll()
    const before = await peakMemoryOf(pid)
    for (let round = 0; round < 5; round += 1) await attackWithAll()
    // The receivers would have sent 80 GiB, and 20 GiB after inflation.
    expect(((await peakMemoryOf(pid)) - before) / mib).toBeLessThan(128)
  },
)
