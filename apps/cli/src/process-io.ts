import type { Readable, Writable } from 'node:stream'

/** The environment, streams and signals of the process. */
export interface ProcessIo {
  env: Readonly<Record<string, string | undefined>>
  stdin: Readable & { isTTY?: boolean }
  stdout: Writable
  stderr: Writable & { isTTY?: boolean }
  /** Calls the listener on Ctrl-C instead of exiting. Returns a function that removes the listener. */
  onInterrupt: (listener: () => void) => () => void
}

/**
 * Reads stdin to its end as UTF-8.
 * @throws Error when it is longer than `bytesMax`
 */
export async function readStdin(stdin: Readable, bytesMax: number): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of stdin) {
    const buffer = Buffer.from(chunk as Buffer)
    bytes += buffer.length
    if (bytes > bytesMax) throw new Error(`stdin is longer than ${bytesMax} bytes.`)
    chunks.push(buffer)
  }
  return Buffer.concat(chunks).toString('utf8')
}
