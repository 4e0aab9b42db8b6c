import type { Readable } from 'node:stream'

/** Reads a body; null when it is longer than `bytesMax`. The stream stays open for the response. */
export async function readBody(body: Readable, bytesMax: number): Promise<Buffer | null> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body.iterator({ destroyOnReturn: false })) {
    bytes += (chunk as Buffer).length
    if (bytes > bytesMax) return null
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks)
}
