import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runCommandLine } from '../src/run-command-line.ts'
import { openTerminal, type Terminal } from './terminal.ts'

let folder: string
let server: Server
let terminal: Terminal

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const rows = (await text(request)).trim().split('\n').length
  const counts = { rows, created: rows, updated: 0, unchanged: 0, suppressed: 0, refused: 0, results: [] }
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify(counts))
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ghostpost-import-'))
  server = createServer((request, response) => void respond(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  terminal = openTerminal({ GHOSTPOST_API_URL: url, GHOSTPOST_SESSION: 'x' })
})

afterEach(() => {
  server.closeAllConnections()
  server.close()
  rmSync(folder, { recursive: true })
})

test('the import of a file draws a bar that ends at 100 %', async () => {
  const path = join(folder, 'visitors.ndjson')
  writeFileSync(path, '{"ghost_vid":"gv_a"}\n'.repeat(9_000))
  expect(await runCommandLine(['visitors', 'import', path], terminal)).toBe(0)
  expect(terminal.shown()).toContain('100% | 9000 rows: 9000 created')
})

test('an import needs a file or a query, not both and not neither', async () => {
  const url = 'postgres://db.example.com/shop'
  for (const args of [[], ['a.csv', '--from', url], ['--from', url], ['--from', 'mysql://x', '--query', 'x']])
    expect(await runCommandLine(['visitors', 'import', ...args], terminal)).toBe(2)
  expect(terminal.shown()).toContain('Give a file, or --from')
})
