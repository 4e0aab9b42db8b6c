import type { IncomingHttpHeaders } from 'node:http'
import type { HttpResponse } from '@ghostpost/delivery/deliver'

/** Bytes read of a body. The limit keeps a receiver from filling our memory. */
const bodyReadMax = 64 * 1_024
/** Bytes stored of a body. */
const bodyStoredMax = 16 * 1_024
const headersStoredMax = 64
const headerBytesStoredMax = 8 * 1_024

export interface ResponseCollector {
  /** Adds a chunk of the body; returns false once more than 64 KiB were read. */
  add: (chunk: Uint8Array) => boolean
  outcome: (bodyEnd: HttpResponse['bodyEnd']) => HttpResponse
}

export function createResponseCollector(status: number, headers: IncomingHttpHeaders): ResponseCollector {
  const stored: Uint8Array[] = []
  let storedBytes = 0
  let readBytes = 0
  return {
    add: (chunk) => {
      readBytes += chunk.length
      const storedPart = chunk.subarray(0, Math.max(bodyStoredMax - storedBytes, 0))
      storedBytes += storedPart.length
      if (storedPart.length > 0) stored.push(Uint8Array.from(storedPart))
      return readBytes <= bodyReadMax
    },
    outcome: (bodyEnd) => ({
      kind: 'answered',
      status,
      headers: storableHeaders(headers),
      body: decode(stored),
      bodyBytes: Math.min(readBytes, bodyReadMax),
      bodyEnd,
    }),
  }
}

/** The headers to store, without cookies, which may be secret and help nobody here. */
function storableHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const stored: Record<string, string> = {}
  let bytes = 0
  for (const [name, value] of Object.entries(headers).slice(0, headersStoredMax)) {
    if (value === undefined || name === 'set-cookie') continue
    const text = storable(Array.isArray(value) ? value.join(', ') : value)
    const size = name.length + text.length
    if (bytes + size > headerBytesStoredMax) continue
    bytes += size
    stored[storable(name).toLowerCase()] = text
  }
  return stored
}

/** Decodes UTF-8 and drops a character that the size limit has split. */
function decode(chunks: readonly Uint8Array[]): string {
  return storable(new TextDecoder().decode(Buffer.concat(chunks), { stream: true }))
}

/** Replaces NUL, the one character that Postgres text cannot store. */
function storable(text: string): string {
  return text.replaceAll('\0', '\uFFFD')
}
