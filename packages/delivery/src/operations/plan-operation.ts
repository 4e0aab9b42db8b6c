import { canarySize } from '../contract/operations.ts'
import type { WebhookType } from '../destinations/registry.ts'
import { isFinished, type DeliveryState } from '../deliver/delivery.ts'
import { secondsToSend } from './operation-pace.ts'
import {
  hasOneRecordPerVisitor,
  typesThatShowRepeats,
  warningsOf,
  type PlanCounts,
  type PlanWarning,
} from './plan-warnings.ts'
import type { MemberGroup, OperationKind, PlanPorts, SelectedMembers, SkipCount } from './ports.ts'

/** A plan covers no more members than this. */
const membersMax = 1_000_000
/** With more members, the plan counts only the skips that its groups show. */
const skipsCountedMax = 100_000
/** With more members in CRMs, the plan does not look for newer snapshots. */
const supersededCountedMax = 5_000
const receiversShownMax = 20
const defaultRate = 50
/** Cancelling sends nothing to a receiver. */
const defaultCancelRate = 1_000
/** A plan can be started for this long. */
export const planLifetimeMs = 3_600_000

export interface PlanRequest {
  kind: OperationKind
  /** The destination that gets every member; null when each member goes where it went before. */
  destinationId: string | null
  /** Whether members of which a copy was delivered are sent too. */
  includeRecovered: boolean
  /** Members a second, at most; undefined for the default. */
  rate: number | undefined
  canary: boolean
}

interface ReceiverCount {
  receiver: string
  destinationId: string | null
  destinationName: string | null
  count: number
}

/** What an operation would do. */
export interface OperationPlan {
  matched: number
  /** More members match than a plan covers. */
  capped: boolean
  byType: { webhookType: WebhookType; count: number }[]
  byCause: { cause: string | null; count: number }[]
  byReceiver: ReceiverCount[]
  skips: readonly SkipCount[]
  warnings: PlanWarning[]
  estimatedSeconds: number
  expiresAt: Date
}

/** Counts what an operation would do, and stores the plan. Sends nothing. */
export async function planOperation(request: PlanRequest, ports: PlanPorts): Promise<OperationPlan> {
  const watermark = await ports.readClock()
  const counts = await countMembers(request, await ports.selectMembers(watermark))
  const { groups, matched, capped, skips } = counts
  const byReceiver = await countReceivers(request, groups, matched, ports)
  const rate = request.rate ?? (request.kind === 'cancel' ? defaultCancelRate : defaultRate)
  const hasCanary = request.canary && request.kind !== 'cancel' && matched > canarySize
  const canary = hasCanary ? 'pending' : 'off'
  await ports.storePlan({ rate, canary, matched, watermark })
  const skipped = skips.reduce((sum, { count }) => sum + count, 0)
  return {
    matched,
    capped,
    byType: sumBy(groups, ({ webhookType }) => webhookType).flatMap(([webhookType, count]) =>
      webhookType === null ? [] : [{ webhookType, count }],
    ),
    byCause: sumBy(groups, ({ cause }) => cause).map(([cause, count]) => ({ cause, count })),
    byReceiver,
    skips,
    warnings: warningsOf(request, counts),
    estimatedSeconds: secondsToSend(matched - skipped, rate),
    expiresAt: new Date(watermark.getTime() + planLifetimeMs),
  }
}

interface CountedMembers extends PlanCounts {
  matched: number
  capped: boolean
  skips: readonly SkipCount[]
}

async function countMembers(request: PlanRequest, members: SelectedMembers | null): Promise<CountedMembers> {
  if (members === null)
    return { groups: [], matched: 0, capped: false, skips: [], uncounted: 'none', unknownOutcomes: 0 }
  // One more shows that there are more.
  const limit = membersMax + 1
  const [groups, unknownOutcomes] = await Promise.all([
    members.countGroups(limit),
    members.from === 'visitors' || request.kind === 'cancel'
      ? 0
      : members.countUnknownOutcomes(limit, typesThatShowRepeats(request)),
  ])
  const found = sumOf(groups, () => true)
  const uncounted = uncountedSkipsOf(request, groups, found)
  const withSuperseded = request.kind === 'resend' && uncounted === 'none'
  return {
    groups,
    matched: Math.min(found, membersMax),
    capped: found > membersMax,
    skips:
      uncounted === 'all' ? skipsOfGroups(request, groups) : await members.countSkips(limit, withSuperseded),
    uncounted,
    unknownOutcomes,
  }
}

function uncountedSkipsOf(
  { kind }: PlanRequest,
  groups: readonly MemberGroup[],
  found: number,
): PlanCounts['uncounted'] {
  if (found > skipsCountedMax) return 'all'
  const inCrms = sumOf(groups, ({ webhookType }) => hasOneRecordPerVisitor(webhookType))
  return kind === 'resend' && inCrms > supersededCountedMax ? 'superseded' : 'none'
}

/** The skips that the states of the members show. */
function skipsOfGroups({ kind }: PlanRequest, groups: readonly MemberGroup[]): SkipCount[] {
  const countWhere = (
    reason: SkipCount['reason'],
    matches: (state: DeliveryState) => boolean,
  ): SkipCount => ({
    reason,
    count: sumOf(groups, ({ state }) => state !== null && matches(state)),
  })
  const counts =
    kind === 'cancel'
      ? [countWhere('being_sent', (state) => state === 'delivering'), countWhere('not_waiting', isFinished)]
      : [countWhere('unfinished', (state) => !isFinished(state))]
  return counts.filter(({ count }) => count > 0)
}

/** Where the members would go. The receivers with the most members come first. */
async function countReceivers(
  { destinationId }: PlanRequest,
  groups: readonly MemberGroup[],
  matched: number,
  ports: PlanPorts,
): Promise<ReceiverCount[]> {
  const counts =
    destinationId === null
      ? receiverCountsOf(groups)
      : [{ receiver: '', destinationId, destinationName: null, count: matched }]
  const shown = counts.toSorted((a, b) => b.count - a.count).slice(0, receiversShownMax)
  const destinations = await ports.findDestinations(shown.flatMap(({ destinationId: id }) => id ?? []))
  return shown.map((one) => {
    const destination = destinations.find(({ id }) => id === one.destinationId)
    return destination
      ? { ...one, receiver: destination.receiverHost, destinationName: destination.name }
      : one
  })
}

function receiverCountsOf(groups: readonly MemberGroup[]): ReceiverCount[] {
  const counts = new Map<string, ReceiverCount>()
  for (const { destinationId, receiverHost, count } of groups) {
    const receiver = receiverHost ?? ''
    const key = destinationId ?? receiver
    const before = counts.get(key)?.count ?? 0
    counts.set(key, { receiver, destinationId, destinationName: null, count: before + count })
  }
  return [...counts.values()]
}

function sumOf(groups: readonly MemberGroup[], matches: (group: MemberGroup) => boolean): number {
  return groups.reduce((sum, group) => sum + (matches(group) ? group.count : 0), 0)
}

function sumBy<Key>(groups: readonly MemberGroup[], keyOf: (group: MemberGroup) => Key): [Key, number][] {
  const sums = new Map<Key, number>()
  for (const group of groups) sums.set(keyOf(group), (sums.get(keyOf(group)) ?? 0) + group.count)
  return [...sums].toSorted(([, a], [, b]) => b - a)
}
