import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as NodeStream } from 'node:stream/web'
import { orThrow, type ApiResult } from '@ghostpost/client'
import { IncompleteExportError } from './exit-codes.ts'
import type { ProcessIo } from './process-io.ts'

/**
 * Writes an export to stdout as it comes.
 * @throws IncompleteExportError when it breaks off: what was written is not all
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
    throw new IncompleteExportError('The export broke off: what was written is not all of it.', {
      cause: error,
    })
  }
}
