import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as NodeStream } from 'node:stream/web'
import { orThrow, type ApiResult } from '@ghostpost/client'
import { IncompleteExportError } from './exit-codes.ts'
import type { ProcessIo } from './process-io.ts'

/**
 * Streams an export to stdout.
 * @throws IncompleteExportError when the connection breaks before the end
 */
export async function writeStream(
  { stdout }: ProcessIo,
  call: Promise<ApiResult<ReadableStream | null | undefined>>,
): Promise<void> {
  const stream = await orThrow(call)
  if (!stream) return
  try {
    await pipeline(Readable.fromWeb(stream as NodeStream), stdout, { end: false })
  } catch (error) {
    throw new IncompleteExportError('The connection broke: the export is incomplete.', {
      cause: error,
    })
  }
}
