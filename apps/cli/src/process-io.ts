import type { Readable, Writable } from 'node:stream'

/** What the program has around it. */
export interface ProcessIo {
  env: Readonly<Record<string, string | undefined>>
  stdin: Readable & { isTTY?: boolean }
  stdout: Writable
  stderr: Writable & { isTTY?: boolean }
  /** Calls the listener on Ctrl-C, instead of ending, until what it returns is called. */
  onInterrupt: (listener: () => void) => () => void
}

/** All that is piped in, at most so much. */
export async function readStdin(stdin: Readable, bytesMax: number): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of stdin) {
    const buffer = Buffer.from(chunk as Buffer)
    bytes += buffer.length
    if (bytes > bytesMax) throw new Error(`More than ${bytesMax} bytes were piped in.`)
    chunks.push(buffer)
  }
  return Buffer.concat(chunks).toString('utf8')
}
