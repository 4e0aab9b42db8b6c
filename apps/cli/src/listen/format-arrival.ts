import type { Arrival } from './start-listener.ts'
import type { SignatureCheck } from './verify-signature.ts'

/** Text output cuts longer bodies. */
const shownCharactersMax = 4_096
const shownHeaders = ['content-type', 'user-agent', 'webhook-id', 'webhook-timestamp'] as const
/** Headers that every request has. */
const omittedHeaders = new Set<string>([
  ...shownHeaders,
  'webhook-signature',
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
])

/** Formats a webhook as text. Other header values are hidden, because they may be secrets. */
export function formatArrival(arrival: Arrival): string {
  const { at, method, path, headers, answered, problem } = arrival
  const lines = [
    `${at.toISOString().slice(11, 19)}  ${method} ${path}  ${formatSize(arrival)}  ${formatCheck(arrival.check)}`,
    ...shownHeaders.flatMap((name) =>
      headers[name] === undefined ? [] : [`  ${name}: ${headers[name].toString()}`],
    ),
    ...formatOtherHeaders(arrival),
    ...formatRepeat(arrival),
    ...formatBody(arrival).map((line) => `  ${line}`),
    `  responded ${answered}${problem === null ? '' : `: your program did not respond (${problem})`}`,
  ]
  return `${lines.join('\n')}\n`
}

function formatSize({ body }: Arrival): string {
  return body === null ? 'too long' : `${body.length} bytes`
}

function formatCheck(check: SignatureCheck): string {
  switch (check.kind) {
    case 'valid':
      return `VALID signature (${check.by})`
    case 'invalid':
      return `INVALID: ${check.why}`
    case 'unsigned':
      return 'unsigned'
    case 'unchecked':
      return 'signed, not checked: set --secret or --public-key'
  }
}

function formatOtherHeaders({ headers }: Arrival): string[] {
  const names = Object.keys(headers).filter((name) => !omittedHeaders.has(name))
  return names.length === 0 ? [] : [`  also: ${names.join(', ')}`]
}

function formatRepeat({ seen }: Arrival): string[] {
  if (seen === null || seen.timesBefore === 0) return []
  const bytes = seen.isChanged ? 'with DIFFERENT bytes' : 'with the same bytes'
  return [`  REPEAT: received this webhook-id ${seen.timesBefore + 1} times, ${bytes}`]
}

function formatBody({ body }: Arrival): string[] {
  if (body === null || body.length === 0) return []
  const text = prettyJson(body.toString('utf8'))
  if (text.length <= shownCharactersMax) return text.split('\n')
  const cut = text.slice(0, shownCharactersMax).toWellFormed()
  return [...cut.split('\n'), `… cut here; the body has ${body.length} bytes (--json shows all)`]
}

function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

/** The webhook for `--json`, with its whole body. */
export function arrivalJson({
  at,
  method,
  path,
  headers,
  body,
  check,
  seen,
  answered,
  problem,
}: Arrival): object {
  return {
    at: at.toISOString(),
    method,
    path,
    headers,
    bytes: body?.length ?? null,
    body: body === null ? null : parseJson(body.toString('utf8')),
    signature: check.kind,
    why: check.kind === 'invalid' ? check.why : null,
    times: seen === null ? null : seen.timesBefore + 1,
    changed: seen?.isChanged ?? false,
    answered,
    problem,
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
