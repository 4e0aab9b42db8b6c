import type { Stack } from './start-stack.ts'

interface StreamEvent {
  name: string
  data: unknown
  id: string | null
}

export interface OpenStream {
  status: number
  headers: Headers
  /** All received events. */
  received: StreamEvent[]
  /** Resolves when the server ends the stream. */
  ended: Promise<void>
  close: () => void
}

/** Opens the event stream as a browser's EventSource does. */
export async function openStream(
  { api, session }: Pick<Stack, 'api' | 'session'>,
  { lastEventId, siteId = 4, key }: { lastEventId?: string; siteId?: number; key?: string } = {},
): Promise<OpenStream> {
  const closing = new AbortController()
  const response = await fetch(new URL(`/api/stream?siteId=${siteId}`, api), {
    headers: {
      ...(key === undefined ? { cookie: `session=${session}` } : { authorization: `Bearer ${key}` }),
      accept: 'text/event-stream',
      ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
    },
    signal: closing.signal,
  })
  const received: StreamEvent[] = []
  return {
    status: response.status,
    headers: response.headers,
    received,
    ended: readInto(received, response).catch(() => {}),
    close: () => closing.abort(),
  }
}

async function readInto(received: StreamEvent[], response: Response): Promise<void> {
  let text = ''
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk
    const whole = text.split('\n\n')
    text = whole.pop() ?? ''
    received.push(...whole.flatMap(parseEvent))
  }
}

function parseEvent(text: string): StreamEvent[] {
  const fields = new Map(text.split('\n').map((line) => [line.slice(0, line.indexOf(': ')), line]))
  const value = (name: string): string | null => fields.get(name)?.slice(name.length + 2) ?? null
  const name = value('event')
  return name === null ? [] : [{ name, data: JSON.parse(value('data') ?? 'null'), id: value('id') }]
}
