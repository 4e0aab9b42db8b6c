import type { WebhookType } from '@ghostpost/delivery/destinations'
import { fastest } from '@ghostpost/delivery/operations'
import { canarySize, type PlanBody, type PlanView } from '@ghostpost/delivery/contract/operations'
import {
  countMembers,
  countSkips,
  countUnknown,
  type CountedWish,
  type MembersOfSort,
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

export interface PlanWish {
  id: string
  siteId: number
  userId: string
  kind: PlanBody['kind']
  selection: Selection
  destinationId: string | null
  rate: number | undefined
  canary: boolean
}

interface Counted {
  sorts: readonly MembersOfSort[]
  matched: number
  capped: boolean
  skips: readonly SkipCount[]
  /** Skips that were not counted, as there are too many to look at. */
  uncounted: readonly ('all' | 'superseded')[]
  /** Whose receivers may have acted although no answer says so. */
  unknown: number
}

const nothing: Counted = { sorts: [], matched: 0, capped: false, skips: [], uncounted: [], unknown: 0 }

/** Says what an operation would do, and keeps it for an hour under an id. Nothing is sent. */
export async function planOperation(database: Database, wish: PlanWish): Promise<PlanView> {
  const watermark = await readClock(database)
  const counted = await count(database, wish, watermark)
  const { sorts, matched, capped, skips } = counted
  const byReceiver = await findReceivers(database, wish, sorts, matched)
  await store(database, wish, matched, watermark)
  const operation = await findOperation(database, wish.id)
  if (!operation) throw new Error('a plan that was stored cannot be read')
  const toSend = matched - skips.reduce((sum, { count: skipped }) => sum + skipped, 0)
  return {
    operation,
    matched,
    capped,
    by_type: sumBy(sorts, ({ webhook_type }) => webhook_type).flatMap(([webhook_type, sum]) =>
      webhook_type === null ? [] : [{ webhook_type, count: sum }],
    ),
    by_cause: sumBy(sorts, ({ cause }) => cause).map(([cause, sum]) => ({ cause, count: sum })),
    by_receiver: byReceiver,
    will_skip: skips as PlanView['will_skip'],
    warnings: warningsOf({ ...counted, ...wish }),
    estimated_seconds: toSend / Math.min(operation.rate, fastest),
    expires_at: new Date(watermark.getTime() + planHours * 3_600_000).toISOString(),
  }
}

/** The database's clock, by which deliveries end; rounded up as their times may be. */
async function readClock({ pool }: Database): Promise<Date> {
  const { rows } = await pool.query<{ now: Date }>(`select now() + interval '1 ms' as now`)
  return rows[0]?.now ?? new Date()
}

async function count(database: Database, wish: PlanWish, watermark: Date): Promise<Counted> {
  const members = await membersSql(database, wish.siteId, wish.selection, watermark)
  if (members === null) return nothing
  const counting: CountedWish = { ...wish, members, limit: operationMax + 1 }
  const [sorts, unknown] = await Promise.all([
    countMembers(database, counting),
    members.from === 'visitors' ? 0 : countUnknown(database, counting, repeatableTypes(wish)),
  ])
  const found = sumOf(sorts, () => true)
  const crms = sumOf(sorts, ({ webhook_type }) => webhook_type === 'hubspot' || webhook_type === 'salesforce')
  const looksAtEach = found <= skipsMax
  const looksAtCrms = looksAtEach && crms <= supersededMax
  const isLate = wish.kind === 'resend' && !looksAtCrms
  return {
    sorts,
    matched: Math.min(found, operationMax),
    capped: found > operationMax,
    skips: looksAtEach ? await countSkips(database, counting, looksAtCrms) : unfinishedIn(sorts),
    uncounted: [
      ...(looksAtEach ? [] : (['all'] as const)),
      ...(looksAtEach && isLate ? (['superseded'] as const) : []),
    ],
    unknown,
  }
}

/** Types whose receivers would see a repeat: chats always, others when it comes as a new delivery. */
function repeatableTypes({ kind, destinationId }: PlanWish): readonly WebhookType[] {
  if (destinationId !== null) return []
  return kind === 'resend' ? ['slack', 'discord'] : ['slack', 'discord', 'custom']
}

const unfinished: ReadonlySet<string | null> = new Set(['queued', 'delivering', 'retrying'])

function unfinishedIn(sorts: readonly MembersOfSort[]): SkipCount[] {
  const sum = sumOf(sorts, ({ state }) => unfinished.has(state))
  return sum === 0 ? [] : [{ reason: 'unfinished', count: sum }]
}

function sumOf(sorts: readonly MembersOfSort[], fits: (sort: MembersOfSort) => boolean): number {
  return sorts.reduce((sum, sort) => sum + (fits(sort) ? sort.count : 0), 0)
}

function sumBy<T>(rows: readonly MembersOfSort[], keyOf: (row: MembersOfSort) => T): [T, number][] {
  const sums = new Map<T, number>()
  for (const row of rows) sums.set(keyOf(row), (sums.get(keyOf(row)) ?? 0) + row.count)
  return [...sums].toSorted(([, a], [, b]) => b - a)
}

async function store({ prisma }: Database, wish: PlanWish, matched: number, watermark: Date): Promise<void> {
  await prisma.operation.create({
    data: {
      id: wish.id,
      siteId: wish.siteId,
      kind: wish.kind,
      selection: storedSelection(wish.selection),
      selectionKey: selectionKey(wish.kind, wish.destinationId, wish.selection),
      destinationId: wish.destinationId,
      rate: wish.rate ?? defaultRate,
      canary: wish.canary && matched > canarySize ? 'pending' : 'off',
      matched,
      watermark,
      createdBy: wish.userId,
    },
  })
}
