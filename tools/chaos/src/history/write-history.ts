import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { History } from './history.ts'

/** Writes a history as compressed lines of JSON, one event a line, so that anybody can check it again. */
export async function writeHistory(file: string, history: History): Promise<void> {
  await pipeline(Readable.from(linesOf(history)), createGzip(), createWriteStream(file))
}

function* linesOf(history: History): Generator<string> {
  for (const [kind, events] of Object.entries(history) as [string, readonly object[]][]) {
    for (const event of events) yield `${JSON.stringify({ kind, ...event })}\n`
  }
}
