import type { PlanView } from '../contract/operations.ts'
import { traitsOf, typesWith, type WebhookType } from '../destinations/registry.ts'
import type { MemberGroup, OperationKind } from './ports.ts'

export type PlanWarning = PlanView['warnings'][number]

/** What a plan has counted. */
export interface PlanCounts {
  groups: readonly MemberGroup[]
  /** Skips that the plan did not count, because there are too many members. */
  uncounted: 'none' | 'superseded' | 'all'
  /** Members whose receiver may have acted although no response confirms it. */
  unknownOutcomes: number
}

interface PlannedOperation {
  kind: OperationKind
  /** The destination that gets every member; null when each member goes where it went before. */
  destinationId: string | null
}

/** What a person should know before starting the operation. */
export function warningsOf(operation: PlannedOperation, counts: PlanCounts): PlanWarning[] {
  return [
    duplicates(operation, counts),
    possibleDuplicates(operation, counts),
    uncountedSkips(counts),
  ].flatMap((warning) => warning ?? [])
}

/** A second export to a destination that keeps one record per visitor updates that record. */
export function hasOneRecordPerVisitor(type: WebhookType | null): boolean {
  return type !== null && traitsOf(type).oneRecordPerVisitor
}

/**
 * Types whose receivers show a repeat. A resend keeps the `webhook-id`, so only types that are not repeatable show it.
 * A re-export has a new one, so only types with one record per visitor absorb it.
 */
export function typesThatShowRepeats({ kind, destinationId }: PlannedOperation): readonly WebhookType[] {
  if (destinationId !== null || kind === 'cancel') return []
  return typesWith(({ repeatable, oneRecordPerVisitor }) =>
    kind === 'resend' ? !repeatable : !oneRecordPerVisitor,
  )
}

function duplicates({ kind, destinationId }: PlannedOperation, { groups }: PlanCounts): PlanWarning | null {
  // Another destination has not received these members before.
  if (kind === 'export' || kind === 'cancel' || destinationId !== null) return null
  const count = groups
    .filter(
      ({ state, webhookType }) =>
        state === 'delivered' && (kind === 'resend' || !hasOneRecordPerVisitor(webhookType)),
    )
    .reduce((sum, group) => sum + group.count, 0)
  if (count === 0) return null
  const how = kind === 'resend' ? '' : ', under a new webhook-id'
  return {
    code: 'duplicates',
    text: `${count} of these were delivered: their receivers get them a second time${how}.`,
    count,
  }
}

function possibleDuplicates(
  { kind }: PlannedOperation,
  { unknownOutcomes: count }: PlanCounts,
): PlanWarning | null {
  if (count === 0) return null
  const readers =
    kind === 'resend' ? 'people' : 'people, and receivers that recognise repeats by the webhook-id,'
  return {
    code: 'possible_duplicates',
    text: `${count} of these may have arrived although no response confirms it: ${readers} may see them twice.`,
    count,
  }
}

function uncountedSkips({ uncounted }: PlanCounts): PlanWarning | null {
  switch (uncounted) {
    case 'none':
      return null
    case 'superseded':
      return {
        code: 'superseded_not_counted',
        text:
          'The plan does not look for newer snapshots in the CRMs, because there are too many members. ' +
          'Members that would overwrite a newer snapshot are skipped, and the ledger lists them.',
        count: null,
      }
    case 'all':
      return {
        code: 'skips_not_counted',
        text:
          'The plan counts only unfinished deliveries as skipped, because there are too many members to check each. ' +
          'The ledger gives the reason for each skipped member.',
        count: null,
      }
  }
}
