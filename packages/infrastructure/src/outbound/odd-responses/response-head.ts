/** A header as it was received. */
interface Field {
  name: string
  value: string
}

/** The status code at the start of a response, as soon as something follows it. */
const statusCode = /^HTTP\/\d(?:\.\d)?[ \t]+(\d{3})(?=[ \t\r\n])/i
const beginning = 'http/'
/** A status line does not begin later than this. */
const statusLineMax = 64

/** What a connection's first bytes begin: `unknown` while they are too few, `other` for anything but a response. */
type HeadKind = 'unknown' | 'interim' | 'final' | 'other'

/**
 * 101 is no interim response: it switches the protocol. Codes below 100 do not exist.
 * @param start the first bytes, at least 64 of them where there are as many
 */
export function headKindOf(start: string): HeadKind {
  if (!beginning.startsWith(start.slice(0, beginning.length).toLowerCase())) return 'other'
  const status = statusOf(start)
  if (status === null) return start.includes('\n') || start.length >= statusLineMax ? 'other' : 'unknown'
  if (status >= 200) return 'final'
  return status >= 100 && status !== 101 ? 'interim' : 'other'
}

/** The status code of a response; null if there is no readable one. */
export function statusOf(head: string): number | null {
  const code = statusCode.exec(head)?.[1]
  return code === undefined ? null : Number(code)
}

/** The complete headers of a head, also of one that is not valid or not complete. */
export function headersOf(head: string): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const { name, value } of readFields(head, new Set())) {
    const key = name.toLowerCase()
    headers[key] = headers[key] === undefined ? value : `${headers[key]}, ${value}`
  }
  return headers
}

const cleanHead =
  /^HTTP\/1\.[01] \d{3}(?: [\t\x20-\x7e\x80-\xff]*)?\r\n(?:[!#$%&'*+.^_`|~\w-]+:[\t\x20-\x7e\x80-\xff]*\r\n)*\r\n$/
const contentLength = /\r\ncontent-length:([^\r\n]*)/gi
const transferEncoding = /\r\ntransfer-encoding:/i
const validLength = /^\d{1,15}$/

interface TidyHead {
  head: string
  /** What is wrong with the received head; null if it is as HTTP/1.1 requires. */
  fault: string | null
}

/**
 * The head in a form that the HTTP client can parse, by the rules of RFC 9112: §2.2 (LF without CR), §5.1 (space before
 * the colon), §5.2 (folded headers), §6.3 (length). A connection with such a response takes no further request.
 * @param head a complete head with a readable final status, latin1
 * @param mustClose write `connection: close` also into a head without faults
 */
export function tidyHead(head: string, mustClose: boolean): TidyHead {
  const isClean = cleanHead.test(head) && hasClearLength(head)
  if (isClean && !mustClose) return { head, fault: null }
  const faults = new Set<string>()
  const fields = readFields(head, faults)
  const framing = framingOf(fields, faults)
  if (!isClean && faults.size === 0) faults.add('invalid status line')
  const others = fields.filter(({ name }) => !replacedHeaders.has(name.toLowerCase()))
  const lines = [...others, ...framing, { name: 'connection', value: 'close' }]
  const status = String(statusOf(head)).padStart(3, '0')
  return {
    head: `HTTP/1.1 ${status} \r\n${lines.map(({ name, value }) => `${name}: ${value}\r\n`).join('')}\r\n`,
    fault: isClean ? null : [...faults].join(', '),
  }
}

const replacedHeaders: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'upgrade',
  'content-length',
  'transfer-encoding',
])

function hasClearLength(head: string): boolean {
  const lengths = [...head.matchAll(contentLength)]
  if (transferEncoding.test(head)) return lengths.length === 0
  return lengths.length === 0 || (lengths.length === 1 && validLength.test(lengths[0]?.[1]?.trim() ?? ''))
}

const tokenName = /^[!#$%&'*+.^_`|~\w-]+$/
// oxlint-disable-next-line no-control-regex
const controls = /[\u0000-\u0008\u000a-\u001f\u007f]/g

/** Reads the complete lines of a head, as far as they can be read, and adds what is wrong with them to `faults`. */
function readFields(head: string, faults: Set<string>): Field[] {
  const fields: Field[] = []
  for (const line of head.split('\n').slice(1, -1)) {
    if (!line.endsWith('\r')) faults.add('LF without CR')
    const text = line.replace(/\r$/, '')
    if (text === '') continue
    const field = /^[ \t]/.test(text) ? null : readField(text, faults)
    if (field) fields.push(field)
    else unfold(text, fields.at(-1), faults)
  }
  return fields
}

function readField(text: string, faults: Set<string>): Field | null {
  const colon = text.indexOf(':')
  const name = text.slice(0, Math.max(colon, 0))
  if (/[ \t]$/.test(name)) faults.add('space before a colon')
  if (!tokenName.test(name.trimEnd())) return null
  return { name: name.trimEnd(), value: readValue(text.slice(colon + 1), faults) }
}

function readValue(text: string, faults: Set<string>): string {
  const value = text.replace(controls, ' ')
  if (value !== text) faults.add('control character in a header')
  return value.trim()
}

/** Adds a continuation line to the header before it; a line without a colon is dropped. */
function unfold(text: string, before: Field | undefined, faults: Set<string>): void {
  const isFolded = /^[ \t]/.test(text)
  faults.add(isFolded ? 'folded header' : 'line without a header')
  if (isFolded && before) before.value = `${before.value} ${readValue(text, faults)}`.trim()
}

/**
 * The header that tells where the body ends; none: with the connection. A Transfer-Encoding wins over a Content-Length,
 * and equal lengths are one. Of different lengths none can be trusted.
 */
function framingOf(fields: readonly Field[], faults: Set<string>): Field[] {
  const codings = valuesOf(fields, 'transfer-encoding').map((value) => value.toLowerCase())
  const lengths = valuesOf(fields, 'content-length')
  if (codings.length > 0 && lengths.length > 0) faults.add('Content-Length with Transfer-Encoding')
  if (lengths.length > 1) faults.add('several Content-Length')
  if (lengths.some((length) => !validLength.test(length))) faults.add('invalid Content-Length')
  if (codings.includes('chunked')) return [{ name: 'transfer-encoding', value: 'chunked' }]
  const [length, ...others] = new Set(lengths.map(Number))
  if (length === undefined || others.length > 0 || !lengths.every((one) => validLength.test(one))) return []
  return [{ name: 'content-length', value: String(length) }]
}

function valuesOf(fields: readonly Field[], name: string): string[] {
  return fields
    .filter((field) => field.name.toLowerCase() === name)
    .flatMap(({ value }) => value.split(','))
    .map((value) => value.trim())
}
