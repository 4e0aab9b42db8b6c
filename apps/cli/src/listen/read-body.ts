import type { Readable } from 'node:stream'

/** All of a body, or null when it is longer than allowed; then the rest is not read, and who sends it may still be answered. */
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
