import type { IncomingHttpHeaders } from 'node:http'
import type { Answered } from '@ghostpost/delivery/deliver'

/** What is read of a body; more tells us nothing, and a receiver must not fill our memory. */
const bodyReadMax = 64 * 1_024
/** What is kept of it. */
const bodyKeptMax = 16 * 1_024
const headersKeptMax = 64
const headerBytesKeptMax = 8 * 1_024

export interface AnswerCollector {
  /** Takes a piece of the body; false once there is more than we want. */
  add: (chunk: Uint8Array) => boolean
  outcome: (bodyEnd: Answered['bodyEnd']) => Answered
}

export function answerCollector(status: number, headers: IncomingHttpHeaders): AnswerCollector {
  const kept: Uint8Array[] = []
  let keptBytes = 0
  let readBytes = 0
  return {
    add: (chunk) => {
      readBytes += chunk.length
      const piece = chunk.subarray(0, Math.max(bodyKeptMax - keptBytes, 0))
      keptBytes += piece.length
      if (piece.length > 0) kept.push(Uint8Array.from(piece))
      return readBytes <= bodyReadMax
    },
    outcome: (bodyEnd) => ({
      kind: 'answered',
      status,
      headers: keepHeaders(headers),
      body: decode(kept),
      bodyBytes: Math.min(readBytes, bodyReadMax),
      bodyEnd,
    }),
  }
}

/** Cookies of a receiver are secrets of no use to anyone here. */
function keepHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const kept: Record<string, string> = {}
  let bytes = 0
  for (const [name, value] of Object.entries(headers).slice(0, headersKeptMax)) {
    if (value === undefined || name === 'set-cookie') continue
    const text = storable(Array.isArray(value) ? value.join(', ') : value)
    const size = name.length + text.length
    if (bytes + size > headerBytesKeptMax) continue
    bytes += size
    kept[storable(name).toLowerCase()] = text
  }
  return kept
}

/** As UTF-8, without the character a cut may have split. */
function decode(chunks: readonly Uint8Array[]): string {
  return storable(new TextDecoder().decode(Buffer.concat(chunks), { stream: true }))
}

/** Postgres text holds every character but NUL. */
function storable(text: string): string {
  return text.replaceAll('\0', '\uFFFD')
}
