import type {
  CurrentRecord,
  Destination,
  PlannedValue,
  RecordAccess,
  RenderedMessage,
} from '../destinations/destination.ts'
import { destinationOf, destinationTypes, type WebhookType } from '../destinations/registry.ts'
import { maskHeaders } from '../receivers/mask-headers.ts'
import type { VisitorProfile } from '../visitors/visitor-profile.ts'
import type { Authorize } from './access.ts'
import { composeRequest } from './compose-request.ts'
import type { ClaimTarget, OutboundRequest, SendRequest } from './ports.ts'
import { sendWithAccess } from './send-with-access.ts'
import type { RecordReference } from './verdict.ts'

interface PreviewPorts {
  send: SendRequest
  authorize: Authorize
  now: () => Date
}

interface PreviewInput {
  webhookType: WebhookType
  destinationId: string
  siteId: number
  target: ClaimTarget
  profile: VisitorProfile
  includeJourney: boolean
  includeEvents: boolean
  publicUrl: string
  userAgent: string
  /** Upper bound for the reads of a CRM together, in milliseconds. */
  withinMs: number
}

/** A field of a CRM's record, before and after an export. */
interface FieldChange {
  field: string
  when: PlannedValue['when']
  /** The value that the record has now; null when it has none, or there is no record. */
  current: unknown
  /** The value that the export would write if the field's policy says so. */
  value: unknown
  /** The value after the export. */
  result: unknown
  changes: boolean
}

/** What a CRM has now. */
type RecordState =
  | { state: 'absent' }
  | { state: 'present'; reference: RecordReference }
  /** The CRM did not show the record, so the fields are those of a new one. */
  | { state: 'unread'; because: string }

export interface DeliveryPreview {
  payload: string
  /** The first request of an attempt. Headers with secrets are masked. */
  request: { method: string; url: URL; headers: Readonly<Record<string, string>>; body: string }
  /** The message as the tool shows it; null where the payload is no message. */
  message: RenderedMessage | null
  /** Null where the destination writes no records. */
  record: RecordState | null
  fields: FieldChange[]
}

/** Builds what an export of a visitor would send now. Reads a CRM's record, and writes nothing. */
export async function previewDelivery(input: PreviewInput, ports: PreviewPorts): Promise<DeliveryPreview> {
  const { webhookType, target, profile, userAgent, siteId, destinationId } = input
  const destination = destinationOf(webhookType, target.credentials, target.options, target.mapping)
  const payload = JSON.stringify(
    destination.buildBody(profile, {
      includeJourney: input.includeJourney,
      includeEvents: input.includeEvents,
      exportedAt: ports.now(),
      publicUrl: input.publicUrl,
      receiverUrl: new URL(target.url),
    }),
  )
  const content = { deliveryId: destinationId, siteId, payload, sentAt: ports.now() }
  const { method = 'POST', url, headers, body } = composeRequest(content, target, destination, userAgent)
  const { record: access } = destination
  const read = access ? await readRecord(access, payload, destination, input, ports) : null
  return {
    payload,
    request: { method, url, headers: maskHeaders(headers), body },
    message: destinationTypes[webhookType].renderMessage?.(payload) ?? null,
    record: read === null ? null : read.state,
    fields: access && read ? changesOf(access, payload, read.found) : [],
  }
}

interface ReadRecord {
  state: RecordState
  found: CurrentRecord | null
}

/** Finds the record with the reads of the destination, one after the other. */
async function readRecord(
  access: RecordAccess,
  payload: string,
  destination: Destination,
  input: PreviewInput,
  ports: PreviewPorts,
): Promise<ReadRecord> {
  const urls = access.reads(new URL(input.target.url), payload)
  for (let next = urls.shift(); next !== undefined; next = urls.shift()) {
    const { outcome, requestUrl = next } = await read(next, destination, input, ports)
    if (outcome.kind !== 'answered')
      return { state: { state: 'unread', because: 'The CRM did not respond.' }, found: null }
    const found = access.find(outcome, requestUrl)
    if (found?.convertedTo) urls.unshift(found.convertedTo.url)
    else if (found) return { state: { state: 'present', reference: found.reference }, found }
    else if (outcome.status !== 404 && outcome.status !== 200) {
      const because = `The CRM responded with ${outcome.status} to a read of the record.`
      return { state: { state: 'unread', because }, found: null }
    }
  }
  return { state: { state: 'absent' }, found: null }
}

function read(
  url: URL,
  destination: Destination,
  { target, siteId, userAgent, destinationId, withinMs }: PreviewInput,
  ports: PreviewPorts,
) {
  const { nextVariant: _, ...once } = destination
  const { headers } = destination.prepareRequest(new URL(target.url), userAgent, '{}')
  const request: OutboundRequest = {
    method: 'GET',
    url,
    headers: { 'user-agent': userAgent, ...headers, ...target.headers },
    body: '',
    signing: null,
    siteId,
    freshConnection: false,
  }
  const input = { destination: once, destinationId, webhookUrl: target.url, payload: '', request, withinMs }
  return sendWithAccess(input, ports)
}

function changesOf(access: RecordAccess, payload: string, found: CurrentRecord | null): FieldChange[] {
  const planned = access.planned(payload)
  const names = new Set(planned.map(({ field }) => field))
  const added =
    found === null
      ? Object.entries(access.placeholders(payload))
          .filter(([field]) => !names.has(field))
          .map(([field, value]): PlannedValue => ({ field, value, when: 'create' }))
      : []
  return [...planned, ...added].map((value) => changeOf(value, found))
}

function changeOf(
  { field, value, when, placeholder }: PlannedValue,
  found: CurrentRecord | null,
): FieldChange {
  const current = found === null ? null : (found.values[field] ?? null)
  const isEmpty = current === null || current === '' || current === placeholder
  const isWritten = isWrittenTo(found, field, when, isEmpty)
  const result = isWritten ? value : current
  return { field, when, current, value, result, changes: isWritten && !isSame(current, value) }
}

function isWrittenTo(
  found: CurrentRecord | null,
  field: string,
  when: PlannedValue['when'],
  isEmpty: boolean,
): boolean {
  if (found === null) return true
  if (found.isSkipped === true) return false
  if (found.isOther === true) return when === 'always' && Object.hasOwn(found.values, field)
  return when === 'always' || (when === 'empty' && isEmpty)
}

/** CRMs write numbers as texts, and times in several forms. */
function isSame(current: unknown, value: unknown): boolean {
  if (current === null) return false
  return textOf(current) === textOf(value) || sameTime(current, value)
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function sameTime(one: unknown, other: unknown): boolean {
  const dated = /^\d{4}-\d\d-\d\dT/
  if (typeof one !== 'string' || typeof other !== 'string' || !dated.test(one) || !dated.test(other))
    return false
  return Date.parse(one) === Date.parse(other)
}
