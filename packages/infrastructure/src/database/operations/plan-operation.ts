import { traitsOf, typesWith, type WebhookType } from '@ghostpost/delivery/destinations'
import { membersPerSecondMax } from '@ghostpost/delivery/operations'
import { canarySize, type PlanBody, type PlanView } from '@ghostpost/delivery/contract/operations'
import {
  countMembers,
  countSkips,
  countUnknownOutcomes,
  type CountInput,
  type MemberGroup,
  type SkipCount,
} from './count-members.ts'
import { membersSql, selectionKey, storedSelection, type Selection } from './operation-selection.ts'
import { findOperation } from './operations.ts'
import type { Database } from '../connection/open-database.ts'
import { findReceivers } from './plan-receivers.ts'
import { warningsOf } from './plan-warnings.ts'

/** More members than this are not counted, and not done. */
const operationMax = 1_000_000
/** Of more members than this, the skips that want a look at each are not counted. */
const skipsMax = 100_000
/** The same for newer snapshots in CRMs. */
const supersededMax = 5_000
const planHours = 1
const defaultRate = 50

export interface PlanInput {
  id: string
  siteId: number
  userId: string
  kind: PlanBody['kind']
  selection: Selection
  destinationId: string | null
  rate: number | undefined
  canary: boolean
}

interface PlanCounts {
  groups: readonly MemberGroup[]
  matched: number
  capped: boolean
  skips: readonly SkipCount[]
  /** Skips that were not counted, as there are too many to look at. */
  uncounted: readonly ('all' | 'superseded')[]
  /** Whose receivers may have acted although no answer says so. */
  unknownOutcomes: number
}

const noCounts: PlanCounts = {
  groups: [],
  matched: 0,
  capped: false,
  skips: [],
  uncounted: [],
  unknownOutcomes: 0,
}

/** Says what an operation would do, and keeps it for an hour under an id. Nothing is sent. */
export async function planOperation(database: Database, input: PlanInput): Promise<PlanView> {
  const watermark = await readClock(database)
  const counted = await countPlan(database, input, watermark)
  const { groups, matched, capped, skips } = counted
  const byReceiver = await findReceivers(database, input, groups, matched)
  await storePlan(database, input, matched, watermark)
  const operation = await findOperation(database, input.id)
  if (!operation) throw new Error('a plan that was stored cannot be read')
  const toSend = matched - skips.reduce((sum, { count: skipped }) => sum + skipped, 0)
  return {
    operation,
    matched,
    capped,
    by_type: sumBy(groups, ({ webhook_type }) => webhook_type).flatMap(([webhook_type, sum]) =>
      webhook_type === null ? [] : [{ webhook_type, count: sum }],
    ),
    by_cause: sumBy(groups, ({ cause }) => cause).map(([cause, sum]) => ({ cause, count: sum })),
    by_receiver: byReceiver,
    will_skip: skips as PlanView['will_skip'],
    warnings: warningsOf({ ...counted, ...input }),
    estimated_seconds: toSend / Math.min(operation.rate, membersPerSecondMax),
    expires_at: new Date(watermark.getTime() + planHours * 3_600_000).toISOString(),
  }
}

/** The database's clock, by which deliveries end; rounded up as their times may be. */
async function readClock({ pool }: Database): Promise<Date> {
  const { rows } = await pool.query<{ now: Date }>(`select now() + interval '1 ms' as now`)
  return rows[0]?.now ?? new Date()
}

async function countPlan(database: Database, input: PlanInput, watermark: Date): Promise<PlanCounts> {
  const members = await membersSql(database, input.siteId, input.selection, watermark)
  if (members === null) return noCounts
  const countInput: CountInput = { ...input, members, limit: operationMax + 1 }
  const [groups, unknownOutcomes] = await Promise.all([
    countMembers(database, countInput),
    members.from === 'visitors' ? 0 : countUnknownOutcomes(database, countInput, typesThatShowRepeats(input)),
  ])
  const found = sumOf(groups, () => true)
  const crmMembers = sumOf(
    groups,
    ({ webhook_type }) => webhook_type !== null && traitsOf(webhook_type).oneRecordPerVisitor,
  )
  const checksEach = found <= skipsMax
  const checksCrms = checksEach && crmMembers <= supersededMax
  const checksSuperseded = input.kind === 'resend' && !checksCrms
  return {
    groups,
    matched: Math.min(found, operationMax),
    capped: found > operationMax,
    skips: checksEach ? await countSkips(database, countInput, checksCrms) : unfinishedIn(groups),
    uncounted: [
      ...(checksEach ? [] : (['all'] as const)),
      ...(checksEach && checksSuperseded ? (['superseded'] as const) : []),
    ],
    unknownOutcomes,
  }
}

/**
 * Types whose receivers would show a repeat. A resend has the same webhook-id, so only types that are not repeatable
 * show it. An export has a new one, so only types with one record per visitor absorb it.
 */
function typesThatShowRepeats({ kind, destinationId }: PlanInput): readonly WebhookType[] {
  if (destinationId !== null) return []
  return typesWith(({ repeatable, oneRecordPerVisitor }) =>
    kind === 'resend' ? !repeatable : !oneRecordPerVisitor,
  )
}

const unfinished: ReadonlySet<string | null> = new Set(['queued', 'delivering', 'retrying'])

function unfinishedIn(groups: readonly MemberGroup[]): SkipCount[] {
  const sum = sumOf(groups, ({ state }) => unfinished.has(state))
  return sum === 0 ? [] : [{ reason: 'unfinished', count: sum }]
}

function sumOf(groups: readonly MemberGroup[], fits: (group: MemberGroup) => boolean): number {
  return groups.reduce((sum, group) => sum + (fits(group) ? group.count : 0), 0)
}

function sumBy<T>(rows: readonly MemberGroup[], keyOf: (row: MemberGroup) => T): [T, number][] {
  const sums = new Map<T, number>()
  for (const row of rows) sums.set(keyOf(row), (sums.get(keyOf(row)) ?? 0) + row.count)
  return [...sums].toSorted(([, a], [, b]) => b - a)
}

async function storePlan(
  { prisma }: Database,
  input: PlanInput,
  matched: number,
  watermark: Date,
): Promise<void> {
  await prisma.operation.create({
    data: {
      id: input.id,
      siteId: input.siteId,
      kind: input.kind,
      selection: storedSelection(input.selection),
      selectionKey: selectionKey(input.kind, input.destinationId, input.selection),
      destinationId: input.destinationId,
      rate: input.rate ?? defaultRate,
      canary: input.canary && matched > canarySize ? 'pending' : 'off',
      matched,
      watermark,
      createdBy: input.userId,
    },
  })
}
