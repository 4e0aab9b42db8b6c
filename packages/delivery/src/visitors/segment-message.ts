import { segmentCalls, type SegmentCall } from '../contract/segment.ts'
import type { ErrorDetail } from '../contract/errors.ts'
import type { VisitorRow } from '../contract/visitor-record.ts'
import type { SaidFields, TimedValue } from './merge-fields.ts'
import { profileOfMessage, traitsOfMessage } from './segment-profile.ts'
import { isRecord, recordOf, textOf, type JsonRecord } from './read-json.ts'

/** An event of a message, and what its session is derived from. */
export interface SaidEvent {
  event_id: string
  type: string
  page: string | null
  occurred_at: string
  /** The session that it belongs to; '' when the message names none, null when it belongs to none. */
  session_key: string | null
  referrer: string | null
}

/** What a message says. `row` has the same facts in the form of the other ways in, to be checked as they are. */
export type ReadMessage =
  | { kind: 'visitor'; row: VisitorRow; said: SaidFields; event: SaidEvent | null }
  | { kind: 'ignored' }
  | { kind: 'refused'; details: ErrorDetail[] }

/** Ids are digests, so that ids of any form have a visitor. */
export interface MessageIds {
  vidOf: (kind: 'user' | 'anonymous', id: string) => string
  /** An id for a message without one: the same for the same message. */
  idOf: (message: JsonRecord) => string
}

/** PostHog names the view of a page as it names other events. */
const posthogPage = '$pageview'

/** The time of a user id: an e-mail address that is ever said wins over it. */
const userIdMs = 0

/**
 * Reads a message of Segment's API: https://segment.com/docs/connections/spec/common
 * @param receivedAt ISO 8601, for messages without a time
 */
export function readSegmentMessage(message: JsonRecord, ids: MessageIds, receivedAt: string): ReadMessage {
  const call = message['type']
  if (call === 'group' || call === 'alias') return { kind: 'ignored' }
  if (!isSegmentCall(call)) return refused('type', `one of ${segmentCalls.join(', ')}, group, alias`)
  const userId = textOf(message['userId'])
  const anonymousId = textOf(message['anonymousId'])
  const vid = userId === null ? anonymousId && ids.vidOf('anonymous', anonymousId) : ids.vidOf('user', userId)
  if (vid === null) return refused('userId', 'this field, or anonymousId')
  if (call === 'track' && textOf(message['event']) === null) return refused('event', 'this field')
  const at = timeOf(message, receivedAt)
  const event = call === 'identify' ? null : eventOf(call, message, ids, at)
  return { kind: 'visitor', event, ...factsOf(message, { call, vid, userId, at, event }) }
}

function isSegmentCall(call: unknown): call is SegmentCall {
  return segmentCalls.some((one) => one === call)
}

function refused(field: string, expected: string): ReadMessage {
  return { kind: 'refused', details: [{ field, expected }] }
}

interface Facts {
  call: SegmentCall
  vid: string
  userId: string | null
  at: string
  event: SaidEvent | null
}

function factsOf(
  message: JsonRecord,
  { call, vid, userId, at, event }: Facts,
): { row: VisitorRow; said: SaidFields } {
  const { email, ...profile } = profileOfMessage(message)
  const traits = traitsOfMessage(message, call === 'identify' ? userId : null)
  const person = email ?? userId
  const atMs = Date.parse(at)
  const said = (value: unknown): TimedValue => ({ value, atMs })
  const fields = new Map<string, TimedValue>([
    ...Object.entries(profile).map(([name, value]) => [name, said(value)] as const),
    ...Object.entries(traits).map(([name, value]) => [`traits.${name}`, said(value)] as const),
  ])
  if (person !== null)
    fields.set('identified_user_id', email === null ? { value: person, atMs: userIdMs } : said(person))
  const row: VisitorRow = {
    ghost_vid: vid,
    last_seen: at,
    ...(person !== null && { identified_user_id: person }),
    ...profile,
    traits,
    ...(event && { events: [eventRecordOf(event)], sessions: sessionsOf(event) }),
  }
  return { row, said: { firstSeenMs: atMs, lastSeenMs: atMs, fields } }
}

function eventRecordOf({
  event_id,
  type,
  page,
  occurred_at,
}: SaidEvent): NonNullable<VisitorRow['events']>[0] {
  return { event_id, type, page, occurred_at }
}

/** Only checked: stored sessions are derived from all events. */
function sessionsOf({
  session_key: key,
  occurred_at,
  referrer,
}: SaidEvent): NonNullable<VisitorRow['sessions']> {
  return key === null ? [] : [{ session_id: key === '' ? 'derived' : key, started_at: occurred_at, referrer }]
}

function eventOf(
  call: Exclude<SegmentCall, 'identify'>,
  message: JsonRecord,
  ids: MessageIds,
  at: string,
): SaidEvent {
  const properties = recordOf(message['properties'])
  const context = recordOf(message['context'])
  const contextPage = recordOf(context['page'])
  const name = textOf(message['name']) ?? textOf(properties['name'])
  const isPage = call === 'page' || (call === 'track' && message['event'] === posthogPage)
  const page = (isPage ? pathOf(properties) : null) ?? pathOf(contextPage)
  const sessionId = textOf(context['sessionId'])
  return {
    event_id: messageIdOf(message) ?? ids.idOf(message),
    type: isPage ? 'pageview' : call === 'screen' ? 'screenview' : (textOf(message['event']) ?? ''),
    page: call === 'track' ? page : (page ?? name),
    occurred_at: at,
    session_key: sessionId ?? (isPage || page !== null ? '' : null),
    referrer: textOf(contextPage['referrer']) ?? (isPage ? textOf(properties['referrer']) : null),
  }
}

/** The message's own id, if it fits. */
export function messageIdOf(message: JsonRecord): string | null {
  const id = textOf(message['messageId'])
  return id !== null && id.length <= 128 ? id : null
}

/** The path of a page: of `path`, else of `url`. */
function pathOf(page: JsonRecord): string | null {
  const path = textOf(page['path'])
  if (path !== null) return path
  const url = textOf(page['url'])
  return url === null ? null : (URL.parse(url)?.pathname ?? url)
}

/** RFC 3339 where the message has a time that can be read; else its text, which is refused as a time. */
function timeOf(message: JsonRecord, receivedAt: string): string {
  const said = message['timestamp'] ?? message['originalTimestamp'] ?? message['sentAt'] ?? receivedAt
  if (typeof said === 'number' && Math.abs(said) < 8.64e15) return new Date(said).toISOString()
  return typeof said === 'string' ? withZone(said) : JSON.stringify(said)
}

/** Some libraries write no zone, or one without a colon: ISO 8601, but not RFC 3339. A time without a zone is UTC. */
function withZone(text: string): string {
  if (/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?$/.test(text)) return `${text}Z`
  return text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')
}

/** The messages of a batch, each with the context of the batch. */
export function messagesOf(batch: JsonRecord): unknown[] | null {
  const { batch: messages, context, integrations: _, ...common } = batch
  if (!Array.isArray(messages)) return null
  const shared = { sentAt: common['sentAt'] }
  return messages.map((message: unknown) =>
    isRecord(message)
      ? { ...shared, ...message, context: { ...recordOf(context), ...recordOf(message['context']) } }
      : message,
  )
}
