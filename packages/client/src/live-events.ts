import type { DeliverySummary } from '@ghostpost/delivery/contract/delivery-log'
import type { LiveDeliveries } from '@ghostpost/delivery/contract/stream'
import { EventSourceParserStream, type EventSourceMessage } from 'eventsource-parser/stream'
import type { Client } from './create-client.ts'
import { ApiProblem, ApiUnreachable, orThrow } from './problem.ts'

/** A live event of a site; see docs/api.md, "Look on live". */
export type LiveEvent =
  | { name: 'deliveries'; data: LiveDeliveries }
  | { name: 'operations'; data: string[] }
  | { name: 'counters'; data: Partial<Record<DeliverySummary['status'], number>> }
  /** Events were missed: read everything again. */
  | { name: 'reset'; data: object }

export interface LiveEventsOptions {
  /** The site; the API's default site by default. */
  siteId?: number
  /** Ends the iteration. */
  signal?: AbortSignal
}

const eventNames: ReadonlySet<string> = new Set(['deliveries', 'operations', 'counters', 'reset'])
const reconnectMs = 2_000
/** Consecutive tries to open the stream. */
const triesMax = 10

/**
 * Iterates over live events until the signal aborts. The API ends each connection after a while; the iteration then
 * reconnects and gets the missed events. While the API is unreachable, it tries ten times.
 * @throws ApiProblem when the API refuses, ApiUnreachable when it stays unreachable
 */
export async function* liveEvents(
  client: Client,
  { siteId, signal }: LiveEventsOptions = {},
): AsyncGenerator<LiveEvent, void> {
  let lastId: string | undefined
  let tries = 0
  for (;;) {
    if (signal?.aborted) return
    try {
      for await (const message of await openStream(client, { siteId, lastId, signal })) {
        tries = 0
        lastId = message.id ?? lastId
        if (eventNames.has(message.event ?? '')) yield eventOf(message)
      }
    } catch (error) {
      if (signal?.aborted) return
      tries += 1
      if (!isTransient(error) || tries >= triesMax) throw error
    }
    await delay(reconnectMs, signal)
  }
}

interface StreamInput {
  siteId: number | undefined
  lastId: string | undefined
  signal: AbortSignal | undefined
}

async function openStream(
  client: Client,
  { siteId, lastId, signal }: StreamInput,
): Promise<ReadableStream<EventSourceMessage>> {
  const stream = await orThrow(
    client.GET('/api/stream', {
      params: {
        query: siteId === undefined ? {} : { siteId: String(siteId) },
        header: lastId === undefined ? {} : { 'last-event-id': lastId },
      },
      parseAs: 'stream',
      signal: signal ?? null,
    }),
  )
  if (!stream) throw new ApiUnreachable('', 'an empty stream')
  return stream.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream())
}

function eventOf({ event, data }: EventSourceMessage): LiveEvent {
  return { name: event, data: JSON.parse(data) } as LiveEvent
}

/** A broken connection is a TypeError of fetch. 429 and 503 mean that the API has too many streams or is busy. */
function isTransient(error: unknown): boolean {
  if (error instanceof ApiProblem) return error.status === 429 || error.status === 503
  return error instanceof ApiUnreachable || error instanceof TypeError
}

async function delay(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal?.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
  })
}
