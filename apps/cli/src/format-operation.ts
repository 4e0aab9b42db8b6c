import type { OperationView, PlanView } from '@ghostpost/client'
import { formatFields } from './output.ts'
import { formatSpan } from './times.ts'

const kindNames: Readonly<Record<OperationView['kind'], string>> = {
  resend: 'Resend',
  re_export: 'Re-export',
  export: 'Export',
  cancel: 'Cancel',
}

/** Formats what a plan would do, for confirmation. */
export function formatPlan(plan: PlanView): string {
  const { operation } = plan
  const members = operation.kind === 'export' ? 'visitors' : 'deliveries'
  const lines = formatFields({
    operation: operation.operation_id,
    to: targetOf(operation),
    receivers: formatTally(plan.by_receiver.map((one) => [one.destination_name ?? one.receiver, one.count])),
    types: formatTally(plan.by_type.map(({ webhook_type, count }) => [webhook_type, count])),
    causes: formatTally(plan.by_cause.map(({ cause, count }) => [cause ?? 'none', count])),
    'will skip': formatTally(plan.will_skip.map(({ reason, count }) => [reason, count])),
    canary:
      operation.canary === 'off' ? 'none' : 'ten first; the operation pauses when too many of them fail',
    time: `about ${formatSpan(plan.estimated_seconds)}, at most ${operation.rate} per second`,
    expires: plan.expires_at,
  })
  const warnings = plan.warnings.map(({ text }) => `\nWarning: ${text}`)
  const more = plan.capped ? ' (the selection is larger; the rest is left out)' : ''
  return `${kindNames[operation.kind]} ${plan.matched} ${members}${more}\n\n${lines}${warnings.join('')}`
}

function targetOf({ kind, destination_id: id }: OperationView): string {
  if (kind === 'cancel') return 'nobody: nothing is sent'
  return id === null ? 'the destination of each delivery' : 'one destination'
}

/** Formats the selection of an operation as `status failed, receiver crm.example.com`. */
function formatSelection(selection: Readonly<Record<string, unknown>>): string {
  const [[kind, value] = ['', {}]] = Object.entries(selection)
  if (Array.isArray(value)) return `${value.length} deliveries by id`
  const parts = Object.entries(value as object).map(
    ([name, one]) => `${name} ${Array.isArray(one) ? `${one.length} given` : String(one)}`,
  )
  return `${kind === 'visitors' ? 'visitors: ' : ''}${parts.join(', ')}`
}

/** Formats one operation as fields. */
export function formatOperation(operation: OperationView): string {
  const { counts } = operation
  return formatFields({
    operation: operation.operation_id,
    kind: kindNames[operation.kind],
    site: operation.siteId,
    state: operation.state,
    reason: operation.state_reason,
    selection: formatSelection(operation.filter),
    to: operation.destination_id,
    canary: operation.canary,
    rate: `${operation.rate} per second`,
    progress: `${Math.floor(operation.progress * 100)}% of ${counts.matched}`,
    delivered: counts.delivered,
    failed: counts.failed,
    skipped: counts.skipped,
    'skip reasons': formatTally(Object.entries(operation.skipped_because)),
    'failure groups': formatTally(operation.failed_into.map(({ failure, count }) => [failure, count])),
    'changed before it started': counts.changed,
    cancelled: counts.cancelled,
    waiting: counts.waiting,
    'time left': operation.seconds_left === null ? null : formatSpan(operation.seconds_left),
    by: operation.created_by,
    started: operation.started_at,
    finished: operation.finished_at,
  })
}

/** Formats counts as `118 delivered, 2 failed, 0 skipped`. */
export function formatCounts({ counts }: OperationView): string {
  const { delivered, failed, skipped, cancelled } = counts
  const last = cancelled > 0 ? `, ${cancelled} cancelled` : ''
  return `${delivered} delivered, ${failed} failed, ${skipped} skipped${last}`
}

/** Number of settled members. */
export function settledCount({ counts }: OperationView): number {
  return counts.delivered + counts.failed + counts.skipped + counts.cancelled + counts.changed
}

function formatTally(entries: readonly (readonly [string, number])[]): string {
  return entries.map(([name, count]) => `${name} ${count}`).join(', ')
}
