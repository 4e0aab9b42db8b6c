import type { HttpResponse } from '../../deliver/outcome.ts'
import { isString, itemsOf, jsonOf, member } from '../../text/response-json.ts'
import { recordIdIn } from './lead-request.ts'
import { errorsIn } from './salesforce-errors.ts'

/** The id of the Contact that a Lead became, from the Lead itself or from a query for it. */
export function contactIdIn(response: HttpResponse): string | null {
  if (response.status !== 200) return null
  const body = jsonOf(response)
  return (
    recordIdIn(body, 'ConvertedContactId') ??
    recordIdIn(itemsOf(member(body, 'records'))[0], 'ConvertedContactId')
  )
}

export interface DuplicateRecord {
  type: 'Lead' | 'Contact'
  id: string
}

/**
 * The one record that Salesforce names as the duplicate; null where it names none or several.
 *
 * - `DUPLICATES_DETECTED` lists the records that a duplicate rule found.
 * - `DUPLICATE_VALUE` names the record with the same external id: "… duplicates value on record with id: 00Q…".
 * - 300 lists the records with the same external id.
 */
export function duplicateIn(response: HttpResponse): DuplicateRecord | null {
  const body = jsonOf(response)
  const found =
    response.status === 300 ? itemsOf(body).flatMap(recordInPath) : itemsOf(body).flatMap(recordsInError)
  const records = new Map(found.map((record) => [record.id, record]))
  return records.size === 1 ? ([...records.values()][0] ?? null) : null
}

function recordInPath(path: unknown): DuplicateRecord[] {
  const [, type, id] = isString(path)
    ? (/\/sobjects\/(Lead|Contact)\/([a-zA-Z0-9]{15,18})$/.exec(path) ?? [])
    : []
  return id === undefined ? [] : [{ type: type === 'Contact' ? 'Contact' : 'Lead', id }]
}

/** The prefixes of ids by object. */
const prefixes: Readonly<Record<string, DuplicateRecord['type']>> = { '00Q': 'Lead', '003': 'Contact' }

function recordsInError(error: unknown): DuplicateRecord[] {
  const [{ code, message } = { code: '', message: '' }] = errorsIn([error])
  if (code === 'DUPLICATE_VALUE') {
    const id = /record with id: ([a-zA-Z0-9]{15}(?:[a-zA-Z0-9]{3})?)\b/.exec(message)?.[1]
    return id === undefined ? [] : recordOf(id)
  }
  if (code !== 'DUPLICATES_DETECTED') return []
  // The second spelling is that of some versions of the REST API.
  const result = member(error, 'duplicateResult') ?? member(error, 'duplicateResut')
  return itemsOf(member(result, 'matchResults'))
    .flatMap((match) => itemsOf(member(match, 'matchRecords')))
    .flatMap((match) => recordIdIn(member(match, 'record'), 'Id') ?? [])
    .flatMap(recordOf)
}

function recordOf(id: string): DuplicateRecord[] {
  const type = prefixes[id.slice(0, 3)]
  return type === undefined ? [] : [{ type, id }]
}
