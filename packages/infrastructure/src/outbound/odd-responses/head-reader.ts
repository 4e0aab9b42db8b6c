import type { ExchangeRecord } from './exchange-record.ts'
import { headKindOf, tidyHead } from './response-head.ts'

/** Longer heads are passed to the HTTP client, which refuses them. */
const headBytesMax = 32_768
/** After this many bytes of interim responses the rest is passed to the HTTP client, which refuses it. */
const interimBytesMax = 1_048_576
const startBytes = 64
/** An empty line may begin within the last bytes that were searched. */
const emptyLineMax = 3
const emptyLines = ['\n\n', '\n\r\n']
const noBytes = Buffer.alloc(0)

export interface HeadReader {
  /** Takes received bytes. Returns the bytes for the HTTP client once the head is complete; null before. */
  push: (chunk: Buffer, mustClose: boolean) => Buffer | null
}

/**
 * Reads the head of a response before the HTTP client does, and notes it.
 *
 * - It removes interim responses: "A client MUST be able to parse one or more 1xx responses received prior to a final
 * response, even if the client does not expect one" (RFC 9110 §15.2). undici 8 closes the connection on a 100.
 * - It tidies a head that llhttp refuses, so that the body can be read too.
 */
export function openHeadReader(record: ExchangeRecord): HeadReader {
  let bytes: Buffer = noBytes
  let searched = 0
  let interimBytes = 0
  let isInterim = false
  const drop = (count: number): void => {
    bytes = bytes.subarray(count)
    searched = 0
  }
  /** Drops the head of an interim response, or the part of it that has arrived; true when it has ended. */
  const dropInterim = (): boolean => {
    const end = endOfHead(bytes, 0)
    const count = end === -1 ? Math.max(bytes.length - emptyLineMax, 0) : end
    interimBytes += count
    drop(count)
    isInterim = end === -1
    return !isInterim
  }
  const readFinal = (mustClose: boolean): Buffer | null => {
    const end = endOfHead(bytes, Math.max(searched - emptyLineMax, 0))
    searched = bytes.length
    record.head = bytes.subarray(0, end === -1 ? headBytesMax : end)
    if (end === -1) return bytes.length > headBytesMax ? bytes : null
    const received = record.head.toString('latin1')
    const { head, fault } = tidyHead(received, mustClose)
    record.fault = fault
    if (head === received) return bytes
    return Buffer.concat([Buffer.from(head, 'latin1'), bytes.subarray(end)])
  }
  return {
    push: (chunk, mustClose) => {
      bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk])
      for (;;) {
        if (interimBytes > interimBytesMax) return bytes
        if (isInterim && !dropInterim()) return null
        if (bytes[0] === 10 || bytes[0] === 13) {
          interimBytes += 1
          drop(1)
          continue
        }
        const kind = headKindOf(bytes.toString('latin1', 0, startBytes))
        if (kind === 'unknown') return null
        if (kind === 'other') return bytes
        if (kind === 'final') return readFinal(mustClose)
        isInterim = true
      }
    },
  }
}

/** Where the first empty line ends; −1 if there is none from this offset on. */
function endOfHead(bytes: Buffer, from: number): number {
  const ends = emptyLines.flatMap((line) => {
    const at = bytes.indexOf(line, from)
    return at === -1 ? [] : [at + line.length]
  })
  return ends.length === 0 ? -1 : Math.min(...ends)
}
