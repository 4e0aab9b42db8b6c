import { judge, type Outcome } from '@ghostpost/delivery/deliver'
import {
  defaultWebhookType,
  destinationOf,
  destinationTypes,
  joinWords,
  typesWith,
  webhookTypes,
  type WebhookType,
} from '@ghostpost/delivery/destinations'
import { apiErrors } from '@ghostpost/delivery/contract/errors'

interface Row {
  code: string
  when: string
  decision: string
  remedy: string
}

/** The text of docs/errors.md, generated from the contract and from the verdicts on all outcomes. */
export function errorsPage(): string {
  const refusals = Object.entries(apiErrors).map(
    ([code, { status, remedy }]) => `| \`${code}\` | ${status} | ${remedy} |`,
  )
  return `# Every error code, and what to do

Generated from the contract and the rules; a test fails when they differ \
(\`npm test -- tools/release/test/docs -u\` writes it
again). Codes are stable: programs may depend on them, messages may change.

## The API refuses a request

In \`error.code\` of an error response. Nothing was stored. \
\`request_id\` finds the request in the log; 429 and 503
have the time to wait in \`Retry-After\`.

| code | status | what to do |
| --- | --- | --- |
${refusals.join('\n')}

The command line's exit codes: [command-line.md](command-line.md#for-scripts).

## A delivery is retried or failed

In \`last_error.code\` of a delivery, \`error.code\` of an attempt, \`cause\` of a failure group. \
*Give up* makes a dead letter at
once; *retry* follows the [retry schedule](destinations.md#which-responses-are-retried) \
and makes one after the last attempt.

### Any destination

| code | when | decision | what to do |
| --- | --- | --- | --- |
${table(rowsWithoutResponse())}

### By the status of the response

| code | status | decision | what to do |
| --- | --- | --- | --- |
${table(rowsByStatus())}

### Through an egress proxy

| code | when | decision | what to do |
| --- | --- | --- | --- |
${table(throughProxy())}

### Of one tool

Each page explains them and their remedies.

| tool | codes |
| --- | --- |
${webhookTypes
  .filter((type) => type !== defaultWebhookType)
  .toSorted()
  .map(toolRow)
  .join('\n')}
`
}

const table = (rows: readonly Row[]): string =>
  rows
    .map(({ code, when, decision, remedy }) => `| \`${code}\` | ${when} | ${decision} | ${remedy} |`)
    .join('\n')

function rowOf(
  outcome: Outcome,
  when: string,
  {
    type = defaultWebhookType,
    mayBeRepeat = false,
  }: { type?: WebhookType | undefined; mayBeRepeat?: boolean } = {},
): Row[] {
  const settings = { repeatUnknownOutcomes: false, mayBeRepeat, now: new Date(0) }
  const verdict = judge(outcome, destinationOf(type), settings)
  if (verdict.decision === 'delivered') return []
  const { cause, remedy } = verdict.failure
  const gone =
    verdict.decision === 'give_up' && verdict.receiverGone ? ', and the destination is disabled' : ''
  const decision = verdict.decision === 'retry' ? 'retry' : `give up${gone}`
  return [{ code: cause, when, decision, remedy }]
}

function rowsWithoutResponse(): Row[] {
  const code = 'X'
  const outcomes: readonly (readonly [Outcome, string])[] = [
    [{ kind: 'address_forbidden', reason: 'private' }, 'the address policy forbids the receiver’s address'],
    [{ kind: 'name_not_resolved', code }, 'its host name has no address'],
    [{ kind: 'lookup_not_started' }, 'too many other host names were being looked up; nothing was sent'],
    [{ kind: 'connection_failed', code }, 'no connection; nothing was sent'],
    [
      { kind: 'tls_failed', code },
      'its certificate is invalid, or the TLS handshake failed; nothing was sent',
    ],
    [{ kind: 'timed_out', phase: 'connect' }, 'it accepted no connection in time; nothing was sent'],
    [{ kind: 'timed_out', phase: 'answer' }, 'the request was sent, and no response arrived in time'],
    [{ kind: 'connection_lost', code }, 'the request was sent, and the connection broke before a response'],
    [{ kind: 'answer_malformed', code }, 'the request was sent, and the response is not HTTP'],
    [{ kind: 'interrupted' }, 'the worker died during the attempt'],
    [{ kind: 'visitor_gone' }, 'the visitor was erased'],
    [{ kind: 'destination_gone' }, 'the saved destination was deleted'],
    [{ kind: 'superseded' }, 'a newer snapshot was delivered to the same CRM'],
    [{ kind: 'unchanged' }, 'an operation, and the CRM has accepted the same values already'],
  ]
  const typesThatShowRepeats = typesWith(({ repeatable }) => !repeatable)
  const labels = joinWords(
    typesThatShowRepeats.map((type) => destinationTypes[type].traits.label),
    'and',
  )
  return outcomes.flatMap(([outcome, when]) => {
    const row = rowOf(outcome, when)[0]
    const shown = rowOf(outcome, when, { type: typesThatShowRepeats[0] })[0]
    if (!row || !shown || row.decision === shown.decision) return row ? [row] : []
    return [{ ...row, decision: `${row.decision}; ${shown.decision} for ${labels}` }]
  })
}

function rowsByStatus(): Row[] {
  const byCode = new Map<string, { row: Row; statuses: number[] }>()
  for (let status = 300; status <= 599; status += 1) {
    for (const row of rowOf(answeredOutcome(status), '')) {
      const known = byCode.get(row.code) ?? { row, statuses: [] }
      byCode.set(row.code, { ...known, statuses: [...known.statuses, status] })
    }
  }
  const rows = [...byCode.values()].map(({ row, statuses }) => ({ ...row, when: spans(statuses) }))
  const repeat = rowOf(answeredOutcome(409), '409 after an attempt with an unknown outcome', {
    mayBeRepeat: true,
  })
  return [...rows, ...repeat, ...rowOf(answeredOutcome(199), 'an invalid status')]
}

function answeredOutcome(status: number): Outcome {
  return { kind: 'answered', status, headers: {}, body: '', bodyBytes: 0, bodyEnd: 'complete' }
}

/** 502, 503, 504, 520 … → `502–504, 520` */
function spans(statuses: readonly number[]): string {
  const starts = statuses.filter((status) => !statuses.includes(status - 1))
  const ends = statuses.filter((status) => !statuses.includes(status + 1))
  return starts.map((from, index) => (from === ends[index] ? `${from}` : `${from}–${ends[index]}`)).join(', ')
}

function throughProxy(): Row[] {
  return [
    ...rowOf({ kind: 'proxy_failed', code: 'PROXY_REFUSED' }, 'the proxy refuses the host (403)'),
    ...rowOf(
      { kind: 'proxy_failed', code: 'PROXY_STATUS_502' },
      'the proxy could not connect to the host (502, 503, 504)',
    ),
    ...rowOf(
      { kind: 'proxy_failed', code: 'PROXY_TIMEOUT' },
      'the proxy is down, slow, requires other credentials, or sends an invalid response',
    ),
  ]
}

function toolRow(tool: WebhookType): string {
  const codes = [...destinationTypes[tool].causes].toSorted().map((code) => `\`${code}\``)
  return `| [${tool}](destinations/${tool}.md#causes-and-what-to-do) | ${codes.join(', ')} |`
}
