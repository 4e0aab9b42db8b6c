import {
  brotliDecompressSync,
  constants,
  gunzipSync,
  inflateRawSync,
  inflateSync,
  zstdDecompressSync,
} from 'node:zlib'

/** Bytes of a decoded body. A small body that decodes to more is refused. */
const decodedBytesMax = 256 * 1_024
/** "gzip, br": more codings than this have no purpose. */
const codingsMax = 2
/** RFC 9659 §3: the largest window of zstd as a content coding, 8 MiB. */
const zstdWindowLogMax = 23

type Decode = (bytes: Buffer) => Buffer

// A body that was cut off is decoded as far as it arrived.
const zlibOptions = { maxOutputLength: decodedBytesMax, finishFlush: constants.Z_SYNC_FLUSH }

const decoders: ReadonlyMap<string, Decode> = new Map<string, Decode>([
  ['gzip', (bytes) => gunzipSync(bytes, zlibOptions)],
  ['x-gzip', (bytes) => gunzipSync(bytes, zlibOptions)],
  ['deflate', inflate],
  [
    'br',
    (bytes) =>
      brotliDecompressSync(bytes, {
        maxOutputLength: decodedBytesMax,
        finishFlush: constants.BROTLI_OPERATION_FLUSH,
      }),
  ],
  [
    'zstd',
    (bytes) =>
      zstdDecompressSync(bytes, {
        maxOutputLength: decodedBytesMax,
        finishFlush: constants.ZSTD_e_flush,
        params: { [constants.ZSTD_d_windowLogMax]: zstdWindowLogMax },
      }),
  ],
])

/** RFC 9110 §8.4.1.2: deflate is the zlib format; some servers send it without its header. */
function inflate(bytes: Buffer): Buffer {
  const isZlib = (bytes[0] ?? 0) % 16 === 8 && bytes.readUInt16BE(0) % 31 === 0
  return isZlib ? inflateSync(bytes, zlibOptions) : inflateRawSync(bytes, zlibOptions)
}

/** The content codings of a body, in the order in which they were applied. */
export function codingsOf(contentEncoding: string): string[] {
  return contentEncoding
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity')
}

/** Undoes the content codings; null if that is impossible, or if the result exceeds 256 KiB. */
export function decodeBody(bytes: Buffer, codings: readonly string[]): Buffer | null {
  if (codings.length > codingsMax) return null
  try {
    return codings.reduceRight<Buffer>((encoded, coding) => decoderOf(coding)(encoded), bytes)
  } catch {
    return null
  }
}

function decoderOf(coding: string): Decode {
  const decode = decoders.get(coding)
  if (!decode) throw new Error('unknown content coding')
  return (bytes) => (bytes.length === 0 ? bytes : decode(bytes))
}

const charsetParameter = /;\s{0,8}charset\s{0,8}=\s{0,8}["']?([^\s"';,]{1,40})/i

/** Decodes text in the charset of a Content-Type, UTF-8 unless it names a known one. Drops a split last character. */
export function decodeText(bytes: Buffer, contentType: string): string {
  const charset = charsetParameter.exec(contentType)?.[1] ?? 'utf-8'
  return textDecoderOf(charset).decode(bytes, { stream: true })
}

function textDecoderOf(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset)
  } catch {
    return new TextDecoder()
  }
}
