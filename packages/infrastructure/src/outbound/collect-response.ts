import type { HttpResponse } from '@ghostpost/delivery/deliver'
import type { IncomingHttpHeaders } from 'node:http'
import { codingsOf, decodeBody, decodeText } from './odd-responses/index.ts'

/** Bytes read of a body. The limit keeps a receiver from filling our memory. */
const bodyReadMax = 64 * 1_024
/** Bytes stored of a body. */
const bodyStoredMax = 16 * 1_024
const headersStoredMax = 64
const headerBytesStoredMax = 8 * 1_024

export interface ResponseCollector {
  /** Adds a chunk of the body; returns false once more than 64 KiB were read. */
  add: (chunk: Uint8Array) => boolean
  /** @param fault what is wrong with a response that nevertheless counts; null for none */
  outcome: (bodyEnd: HttpResponse['bodyEnd'], fault: string | null) => HttpResponse
}

/** Collects a response within bounds: its headers, and the first part of its body, decoded. */
export function createResponseCollector(status: number, headers: IncomingHttpHeaders): ResponseCollector {
  const codings = codingsOf(textOf(headers, 'content-encoding'))
  // The stored part of an encoded body is known once it is decoded.
  const keptMax = codings.length === 0 ? bodyStoredMax : bodyReadMax
  const kept: Uint8Array[] = []
  let keptBytes = 0
  let readBytes = 0
  return {
    add: (chunk) => {
      readBytes += chunk.length
      const keptPart = chunk.subarray(0, Math.max(keptMax - keptBytes, 0))
      keptBytes += keptPart.length
      if (keptPart.length > 0) kept.push(Uint8Array.from(keptPart))
      return readBytes <= bodyReadMax
    },
    outcome: (bodyEnd, fault) => {
      const decoded = decodeBody(Buffer.concat(kept), codings)
      const undecoded = decoded === null ? 'body not decoded' : null
      const faults = [fault, undecoded].filter((one) => one !== null)
      // The length of an encoded body does not tell whether its text was cut.
      const isCut = codings.length > 0 && decoded !== null && decoded.length > bodyStoredMax
      return {
        kind: 'answered',
        status,
        headers: storableHeaders(headers),
        body: storableText(decoded, textOf(headers, 'content-type')),
        bodyBytes: Math.min(readBytes, bodyReadMax),
        bodyEnd: isCut && bodyEnd === 'complete' ? 'size' : bodyEnd,
        ...(faults.length > 0 && { fault: faults.join(', ') }),
      }
    },
  }
}

/** The value of a header; of a repeated one all values, which undici returns as an array. */
function textOf(headers: IncomingHttpHeaders, name: string): string {
  return [headers[name] ?? []].flat().join(', ')
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

/** A body that could not be decoded is not interpreted: its status alone counts. */
function storableText(decoded: Buffer | null, contentType: string): string {
  return decoded === null ? '' : storable(decodeText(decoded.subarray(0, bodyStoredMax), contentType))
}

/** Replaces NUL, the one character that Postgres text cannot store. */
function storable(text: string): string {
  return text.replaceAll('\0', '\uFFFD')
}
