import type { PlanView } from '@ghostpost/delivery/contract/operations'
import { formatDuration } from '../../ui/format-time.ts'
import { formatCount, formatNumber } from '../deliveries/format-count.ts'
import { operationKindNames } from './operation-kind-names.ts'

type Kind = PlanView['operation']['kind']

const verbs: Readonly<Record<Kind, string>> = {
  resend: 'resent',
  re_export: 're-exported',
  export: 'exported',
  cancel: 'cancelled',
}

const receiversNamedMax = 3

/** How many members the operation would reach: the matched ones without the skipped ones. */
export function reachedOf({ matched, will_skip: skips }: PlanView): number {
  return Math.max(matched - skips.reduce((sum, { count }) => sum + count, 0), 0)
}

/** The title of the confirmation: the action and its size, as the plan says. */
export function formatPlanTitle(plan: PlanView): string {
  return `${operationKindNames[plan.operation.kind]} ${membersOf(plan)}?`
}

/** What would happen, to how many, where and how fast, in one sentence. */
export function formatPlan(plan: PlanView): string {
  const { kind, rate } = plan.operation
  const would = `${membersOf(plan)} would be ${verbs[kind]}`
  if (kind === 'cancel') return `${would}: no further attempt is made. Nothing is sent.`
  const time = formatDuration(plan.estimated_seconds * 1_000)
  return `${would}${formatReceivers(plan)}, at up to ${formatNumber(rate)} a second: about ${time}.`
}

function membersOf(plan: PlanView): string {
  const counted = { count: reachedOf(plan), capped: plan.capped }
  return plan.operation.kind === 'export' ? formatCount(counted, 'visitor', 'visitors') : formatCount(counted)
}

function formatReceivers({ by_receiver: receivers }: PlanView): string {
  if (receivers.length === 0) return ''
  const names = receivers
    .slice(0, receiversNamedMax)
    .map(({ destination_name: name, receiver }) => name ?? receiver)
  const others = receivers.length - names.length
  return ` to ${names.join(', ')}${others > 0 ? ` and ${others} more` : ''}`
}

/** What can be undone, and what cannot. */
export function formatUndo({ operation: { kind } }: PlanView): string {
  return kind === 'cancel'
    ? 'You can resend a cancelled delivery later.'
    : 'You can pause or cancel the operation while it runs. What was sent cannot be taken back.'
}
