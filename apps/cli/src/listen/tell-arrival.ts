import type { Arrival } from './start-listener.ts'
import type { Check } from './verify-signature.ts'

/** More of a body is not shown to a person. */
const shownMax = 4_096
const shownHeaders = ['content-type', 'user-agent', 'webhook-id', 'webhook-timestamp'] as const
/** Of every request, and of no interest. */
const dullHeaders = new Set<string>([
  ...shownHeaders,
  'webhook-signature',
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
])

/** A webhook that came, for a person. Values of headers that may be secrets are not shown. */
export function arrivalText(arrival: Arrival): string {
  const { at, method, path, headers, answered, problem } = arrival
  const lines = [
    `${at.toISOString().slice(11, 19)}  ${method} ${path}  ${sizeOf(arrival)}  ${checkText(arrival.check)}`,
    ...shownHeaders.flatMap((name) =>
      headers[name] === undefined ? [] : [`  ${name}: ${headers[name].toString()}`],
    ),
    ...alsoSent(arrival),
    ...seenText(arrival),
    ...bodyText(arrival).map((line) => `  ${line}`),
    `  answered ${answered}${problem === null ? '' : `: your program said nothing (${problem})`}`,
  ]
  return `${lines.join('\n')}\n`
}

function sizeOf({ body }: Arrival): string {
  return body === null ? 'too long' : `${body.length} bytes`
}

function checkText(check: Check): string {
  switch (check.kind) {
    case 'valid':
      return `VALID signature (${check.by})`
    case 'invalid':
      return `INVALID: ${check.why}`
    case 'unsigned':
      return 'unsigned'
    case 'unchecked':
      return 'signed, not checked: say --secret or --public-key'
  }
}

function alsoSent({ headers }: Arrival): string[] {
  const names = Object.keys(headers).filter((name) => !dullHeaders.has(name))
  return names.length === 0 ? [] : [`  also: ${names.join(', ')}`]
}

function seenText({ seen }: Arrival): string[] {
  if (seen === null || seen.before === 0) return []
  const bytes = seen.isChanged ? 'with OTHER bytes than before' : 'with the same bytes'
  return [`  REPEAT: this webhook-id has come ${seen.before + 1} times now, ${bytes}`]
}

function bodyText({ body }: Arrival): string[] {
  if (body === null || body.length === 0) return []
  const text = pretty(body.toString('utf8'))
  if (text.length <= shownMax) return text.split('\n')
  const cut = text.slice(0, shownMax).toWellFormed()
  return [...cut.split('\n'), `… cut here; there are ${body.length} bytes in all (--json shows them)`]
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

/** The same for a program, whole. */
export function arrivalData({
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
    body: body === null ? null : parsed(body.toString('utf8')),
    signature: check.kind,
    why: check.kind === 'invalid' ? check.why : null,
    times: seen === null ? null : seen.before + 1,
    changed: seen?.isChanged ?? false,
    answered,
    problem,
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
