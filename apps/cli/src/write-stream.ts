import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as NodeStream } from 'node:stream/web'
import { orThrow, type Answer } from '@ghostpost/client'
import { BrokenOff } from './exit-codes.ts'
import type { Surroundings } from './surroundings.ts'

/**
 * Writes an export to stdout as it comes.
 * @throws BrokenOff when it breaks off: what was written is not all
 */
export async function writeStream(
  { stdout }: Surroundings,
  call: Promise<Answer<ReadableStream | null | undefined>>,
): Promise<void> {
  const stream = await orThrow(call)
  if (!stream) return
  try {
    await pipeline(Readable.fromWeb(stream as NodeStream), stdout, { end: false })
  } catch (error) {
    throw new BrokenOff('The export broke off: what was written is not all of it.', { cause: error })
  }
}
