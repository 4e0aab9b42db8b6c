import { apiErrors, type ErrorDetail } from '@ghostpost/delivery/contract/errors'
import { messageBytesMax, type MessageResult } from '@ghostpost/delivery/contract/segment'
import {
  isRecord,
  mergeSaid,
  messageIdOf,
  readSegmentMessage,
  type ReadMessage,
} from '@ghostpost/delivery/visitors'
import { mergeVisitors, type VisitorFacts } from '@ghostpost/infrastructure/database/visitors'
import type { FastifyRequest } from 'fastify'
import { unsafePartOf } from '../../server/refuse-unsafe-input.ts'
import type { RouteContext } from '../../server/route.ts'
import { problemsOfRow } from '../visitors/check-row.ts'
import { messageIds } from './message-ids.ts'

/** Messages of one statement. Between two of them, other callers get their turns. */
const chunkMessages = 500

type VisitorMessage = Extract<ReadMessage, { kind: 'visitor' }>

interface CheckedMessage {
  result: MessageResult
  /** Null when there is nothing to store. */
  facts: VisitorFacts | null
}

/** Stores what the messages say, and returns a result for each, in their order. */
export async function storeMessages(
  { database, reads, rights }: RouteContext,
  request: FastifyRequest,
  siteId: number,
  messages: readonly unknown[],
): Promise<MessageResult[]> {
  const receivedAt = new Date()
  const checked = messages.map((message, index) => checkMessage(request, message, index + 1, receivedAt))
  for (let at = 0; at < checked.length; at += chunkMessages) {
    const chunk = checked.slice(at, at + chunkMessages)
    const visitors = foldByVisitor(chunk.flatMap(({ facts }) => facts ?? []))
    if (visitors.length === 0) continue
    // A batch takes a while: a right that ends meanwhile ends the batch.
    await rights.require(request)
    const stored = await reads.run(request, 'write', () => mergeVisitors(database, siteId, visitors))
    for (const { result, facts } of chunk) {
      const outcome = facts && stored.get(facts.ghostVid)
      if (outcome === 'suppressed') result.result = 'suppressed'
      if (outcome === 'traits_too_large') refuse(result, [tooManyTraits])
    }
  }
  return checked.map(({ result }) => result)
}

const tooManyTraits = { field: 'traits', expected: 'at most 8192 bytes of JSON, with those that are stored' }

function foldByVisitor(facts: readonly VisitorFacts[]): VisitorFacts[] {
  const byVisitor = new Map<string, VisitorFacts>()
  for (const one of facts) {
    const before = byVisitor.get(one.ghostVid)
    const both = before && {
      ghostVid: one.ghostVid,
      said: mergeSaid(before.said, one.said),
      events: [...before.events, ...one.events],
    }
    byVisitor.set(one.ghostVid, both ?? one)
  }
  return [...byVisitor.values()]
}

function checkMessage(
  request: FastifyRequest,
  message: unknown,
  number: number,
  receivedAt: Date,
): CheckedMessage {
  const result: MessageResult = { message: number, message_id: null, ghost_vid: null, result: 'stored' }
  const problem = problemOfMessage(message)
  if (problem || !isRecord(message)) {
    refuse(result, [problem ?? { field: 'message', expected: 'a JSON object' }])
    return { result, facts: null }
  }
  result.message_id = messageIdOf(message)
  const read = readSegmentMessage(message, messageIds, receivedAt.toISOString())
  if (read.kind === 'refused') refuse(result, read.details)
  if (read.kind === 'ignored') result.result = 'ignored'
  if (read.kind !== 'visitor') return { result, facts: null }
  result.ghost_vid = read.row.ghost_vid
  const details = problemsOfRow(request, read.row, receivedAt.getTime())
  if (details.length > 0) refuse(result, details)
  return { result, facts: details.length > 0 ? null : factsOf(read) }
}

/** What would be dangerous to read further: null if nothing is. */
function problemOfMessage(message: unknown): ErrorDetail | null {
  const unsafe = unsafePartOf(message, 'message')
  if (unsafe) return unsafe
  const isLarge = Buffer.byteLength(JSON.stringify(message)) > messageBytesMax
  return isLarge ? { field: 'message', expected: `at most ${messageBytesMax} bytes` } : null
}

function refuse(result: MessageResult, details: ErrorDetail[]): void {
  result.result = 'refused'
  const code = 'validation_failed'
  result.error = { code, message: apiErrors[code].remedy, details }
}

function factsOf({ row, said, event }: VisitorMessage): VisitorFacts {
  return { ghostVid: row.ghost_vid, said, events: event ? [event] : [] }
}
