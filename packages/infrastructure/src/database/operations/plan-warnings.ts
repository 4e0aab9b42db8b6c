import { traitsOf } from '@ghostpost/delivery/destinations'
import type { PlanBody, PlanView } from '@ghostpost/delivery/contract/operations'
import type { MemberGroup } from './count-members.ts'

interface Planned {
  kind: PlanBody['kind']
  destinationId: string | null
  groups: readonly MemberGroup[]
  uncounted: readonly ('all' | 'superseded')[]
  unknownOutcomes: number
}

/** What a person should know before saying yes. */
export function warningsOf(planned: Planned): PlanView['warnings'] {
  return [...duplicates(planned), ...possibleDuplicates(planned), ...notCounted(planned)]
}

function* duplicates({ kind, destinationId, groups }: Planned): Generator<PlanView['warnings'][number]> {
  // Elsewhere they have not been yet.
  if (kind === 'export' || destinationId !== null) return
  const again = groups.filter(
    ({ state, webhook_type: type }) =>
      state === 'delivered' &&
      // Fresh data updates the record of a visitor.
      (kind === 'resend' || type === null || !traitsOf(type).oneRecordPerVisitor),
  )
  const count = again.reduce((sum, group) => sum + group.count, 0)
  if (count === 0) return
  const how = kind === 'resend' ? '' : ', under a new webhook-id'
  const text = `${count} of these were delivered: their receivers get them a second time${how}.`
  yield { code: 'duplicates', text, count }
}

function* possibleDuplicates({ kind, unknownOutcomes }: Planned): Generator<PlanView['warnings'][number]> {
  if (unknownOutcomes === 0) return
  const who = kind === 'resend' ? 'people' : 'people, and receivers that go by the webhook-id,'
  const text = `${unknownOutcomes} of these may have arrived although no answer says so: ${who} would see them twice.`
  yield { code: 'possible_duplicates', text, count: unknownOutcomes }
}

function* notCounted({ uncounted }: Planned): Generator<PlanView['warnings'][number]> {
  if (uncounted.includes('all'))
    yield {
      code: 'skips_not_counted',
      text: 'There are too many to look at each: of what will be skipped, only the unfinished are counted. The ledger will say why each was skipped.',
      count: null,
    }
  if (uncounted.includes('superseded'))
    yield {
      code: 'superseded_not_counted',
      text: 'There are too many for CRMs to look for newer snapshots of each: those that would overwrite one will be skipped, and the ledger will say so.',
      count: null,
    }
}
