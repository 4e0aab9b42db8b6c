import type { FastifyReply, FastifyRequest } from 'fastify'
import { expect, test } from 'vitest'
import { streamRows } from '../src/server/stream-rows.ts'

type Context = Parameters<typeof streamRows>[0]

const request = {
  right: { siteId: 4, role: 'operator' },
  session: { userId: 'u' },
} as unknown as FastifyRequest
const rights = { watch: () => () => {} } as unknown as Context['rights']

function contextWith(tryAcquire: () => (() => void) | null): Context {
  return { rights, exportSlots: { tryAcquire } as unknown as Context['exportSlots'] }
}

function start(context: Context, beforeFirst: () => Promise<void>): Promise<unknown> {
  const pages: AsyncIterable<readonly object[]> = {
    [Symbol.asyncIterator]: () => ({ next: async () => ({ done: true, value: undefined }) }),
  }
  const rows = {
    pages,
    format: 'ndjson',
    name: 'rows',
    columns: [],
    flatten: () => ({}),
    beforeFirst,
  } as const
  return streamRows(context, request, {} as FastifyReply, rows)
}

test('an export without a slot is refused before anything is written about it', async () => {
  let written = 0
  const started = start(
    contextWith(() => null),
    async () => void (written += 1),
  )
  await expect(started).rejects.toMatchObject({ code: 'overloaded' })
  expect(written).toBe(0)
})

test('an export that cannot be written about gives its slot back', async () => {
  let released = 0
  const context = contextWith(() => () => void (released += 1))
  await expect(start(context, () => Promise.reject(new Error('the database is down')))).rejects.toThrow(
    'down',
  )
  expect(released).toBe(1)
})
