import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { messageBatchBytesMax } from '@ghostpost/delivery/contract/segment'
import { isRecord, type JsonRecord } from '@ghostpost/delivery/visitors'
import type { FastifyRequest } from 'fastify'
import { ApiError } from '../../server/api-error.ts'

const decompress = promisify(gunzip)

/**
 * The JSON object in a body, which may be compressed with gzip.
 * @throws ApiError when it is larger than its bound, compressed in another way, or no JSON object
 */
export async function readJsonBody(request: FastifyRequest): Promise<JsonRecord> {
  const encoding = request.headers['content-encoding'] ?? 'identity'
  if (encoding !== 'gzip' && encoding !== 'identity')
    throw new ApiError('unsupported_media_type', 'Send the body as it is, or with Content-Encoding: gzip.')
  const bytes = await readBytes(request)
  const text = (encoding === 'gzip' ? await unpack(bytes) : bytes).toString('utf8')
  const value = parse(text)
  if (isRecord(value)) return value
  throw new ApiError('validation_failed', 'Wrong: body.', [{ field: 'body', expected: 'a JSON object' }])
}

async function readBytes(request: FastifyRequest): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > messageBatchBytesMax) throw tooLarge()
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request.body as Readable) {
    const data = chunk as Buffer
    size += data.length
    if (size > messageBatchBytesMax) throw tooLarge()
    chunks.push(data)
  }
  return Buffer.concat(chunks)
}

async function unpack(bytes: Buffer): Promise<Buffer> {
  try {
    return await decompress(bytes, { maxOutputLength: messageBatchBytesMax })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge()
    throw new ApiError('malformed_json', 'The body is not compressed with gzip.')
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new ApiError('malformed_json', 'The body is not valid JSON.')
  }
}

function tooLarge(): ApiError {
  return new ApiError('body_too_large', 'The messages are larger than 1 MiB; nothing was stored.')
}
