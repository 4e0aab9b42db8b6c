import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RequestRecord } from '../history/history.ts'
import { listen } from './switchable-server.ts'

/** A request as the receiver recorded it. A chat's request has no id, but its path has the number of the call. */
interface ReceivedRequest extends RequestRecord {
  call: number
}

/**
 * - `fair`: responds at once.
 * - `holds`: keeps requests open until the next mode, and then responds.
 * - `hangs`: never responds.
 * - `fails`: 503. `refuses`: no connection.
 */
export type ReceiverMode = 'fair' | 'holds' | 'hangs' | 'fails' | 'refuses'

/** Receivers that record every request: a healthy one and a chat, which faults can break, and one that often fails. */
export interface ChaosReceiver {
  ports: readonly number[]
  /** What to export where, by the number of the call. */
  targetOf: (call: number) => { webhookType: 'custom' | 'slack'; url: string }
  /** Every request until now, oldest first. */
  log: readonly ReceivedRequest[]
  /** Number of requests that `holds` keeps open. */
  held: () => number
  /** Sets the behaviour of the healthy receiver and of the chat. */
  setMode: (mode: ReceiverMode) => Promise<void>
  stop: () => Promise<void>
}

/** One in so many calls goes to the failing receiver, to the chat, and to a path that refuses. */
const flakyEvery = 20
const chatEvery = 4
const refusedEvery = 37

export async function startChaosReceiver(): Promise<ChaosReceiver> {
  const log: ReceivedRequest[] = []
  let mode: ReceiverMode = 'fair'
  const held = new Set<() => void>()
  const handleByMode = (entry: ReceivedRequest, response: ServerResponse): void => {
    if (mode === 'hangs') return
    const respondOk = (): void => respond(entry, response, 200)
    if (mode === 'holds') return void held.add(respondOk)
    return mode === 'fails' ? respond(entry, response, 503) : respondOk()
  }
  const good = await listen((request, body, response) => {
    const entry = recordRequest(log, request, body)
    return request.url?.startsWith('/refused/')
      ? respond(entry, response, 400)
      : handleByMode(entry, response)
  })
  const chat = await listen((request, body, response) =>
    handleByMode(recordRequest(log, request, body), response),
  )
  const seen = new Set<string>()
  const flaky = await listen((request, body, response) => {
    const id = String(request.headers['webhook-id'])
    const isFirst = !seen.has(id)
    seen.add(id)
    handleFlaky(recordRequest(log, request, body), request, response, isFirst)
  })
  const servers = [good, chat, flaky]
  return {
    ports: servers.map(({ port }) => port),
    targetOf: (call) => targetOf(call, { good: good.port, chat: chat.port, flaky: flaky.port }),
    log,
    held: () => held.size,
    setMode: async (next) => {
      mode = next
      for (const release of held) release()
      held.clear()
      for (const server of [good, chat]) await (next === 'refuses' ? server.close() : server.open())
    },
    stop: async () => void (await Promise.all(servers.map((server) => server.close()))),
  }
}

function targetOf(
  call: number,
  { good, chat, flaky }: Record<'good' | 'chat' | 'flaky', number>,
): ReturnType<ChaosReceiver['targetOf']> {
  if (call % flakyEvery === 0)
    return { webhookType: 'custom', url: `http://127.0.0.1:${flaky}/hooks/${call}` }
  if (call % refusedEvery === 0)
    return { webhookType: 'custom', url: `http://127.0.0.1:${good}/refused/${call}` }
  if (call % chatEvery === 1)
    return { webhookType: 'slack', url: `http://127.0.0.1:${chat}/services/T0/B0/${call}` }
  return { webhookType: 'custom', url: `http://127.0.0.1:${good}/hooks/${call}` }
}

/** Resets, fails or delays the first request of a delivery, and takes the second. */
function handleFlaky(
  entry: ReceivedRequest,
  request: IncomingMessage,
  response: ServerResponse,
  isFirst: boolean,
): void {
  const behaviour = isFirst ? Math.floor(entry.call / flakyEvery) % 10 : 9
  if (behaviour <= 1) return void request.socket.resetAndDestroy()
  if (behaviour <= 3) return respond(entry, response, 500)
  if (behaviour === 4) return void setTimeout(() => respond(entry, response, 200), 300)
  respond(entry, response, 200)
}

function recordRequest(
  log: ReceivedRequest[],
  { headers, url }: IncomingMessage,
  body: Buffer,
): ReceivedRequest {
  const id = headers['webhook-id']
  const timestamp = Number(headers['webhook-timestamp'])
  const entry: ReceivedRequest = {
    deliveryId: typeof id === 'string' ? id : null,
    call: Number(/(\d+)$/.exec(url ?? '')?.[1] ?? 0),
    receivedAt: performance.now(),
    status: null,
    respondedAt: null,
    bodyDigest: createHash('sha1').update(body).digest('base64'),
    clockDifferenceSeconds: Number.isNaN(timestamp) ? null : Math.round(timestamp - Date.now() / 1_000),
  }
  log.push(entry)
  return entry
}

function respond(entry: ReceivedRequest, response: ServerResponse, status: number): void {
  entry.status = status
  // Only a response that left counts: a worker that died did not read it.
  response.on('finish', () => {
    if (!response.destroyed) entry.respondedAt = performance.now()
  })
  response.writeHead(status).end(status === 200 ? 'ok' : '')
}
