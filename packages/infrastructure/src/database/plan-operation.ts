import type { DeliveryState, WebhookType } from '@ghostpost/delivery'
import { canarySize, type PlanBody, type PlanView } from '@ghostpost/delivery/contract'
import { membersSql, selectionKey, storedSelection, type Selection } from './operation-selection.ts'
import { findOperation } from './operations.ts'
import type { Database } from './open-database.ts'

/** More members than this are not counted, and not done. */
export const operationMax = 1_000_000
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

interface CountedRow {
  webhook_type: WebhookType | null
  cause: string | null
  state: DeliveryState | null
  count: number
}

/** Says what an operation would do, and keeps it for an hour under an id. Nothing is sent. */
export async function planOperation(database: Database, wish: PlanWish): Promise<PlanView> {
  const watermark = new Date()
  const counted = await countMembers(database, wish, watermark)
  const found = counted.reduce((sum, { count }) => sum + count, 0)
  const matched = Math.min(found, operationMax)
  await store(database, wish, matched, watermark)
  const operation = await findOperation(database, wish.id)
  if (!operation) throw new Error('a plan that was stored cannot be read')
  return {
    operation,
    matched,
    capped: found > operationMax,
    by_type: sumBy(counted, ({ webhook_type }) => webhook_type).flatMap(([webhook_type, count]) =>
      webhook_type === null ? [] : [{ webhook_type, count }],
    ),
    by_cause: sumBy(counted, ({ cause }) => cause).map(([cause, count]) => ({ cause, count })),
    will_skip: skipsOf(counted),
    warnings: warningsOf(counted, wish),
    estimated_seconds: matched / operation.rate,
    expires_at: new Date(watermark.getTime() + planHours * 3_600_000).toISOString(),
  }
}

async function countMembers(database: Database, wish: PlanWish, watermark: Date): Promise<CountedRow[]> {
  const members = await membersSql(database, wish.siteId, wish.selection, watermark)
  if (members === null) return []
  const where = [...members.leading, ...members.rest].join(' and ')
  const columns =
    members.from === 'visitors'
      ? 'null::text as webhook_type, null::text as cause, null::text as state'
      : 'webhook_type, last_cause as cause, state'
  const { rows } = await database.pool.query<CountedRow>(
    `select webhook_type, cause, state, count(*)::int as count
     from (select ${columns} from ${members.from} where ${where} limit ${operationMax + 1}) members
     group by 1, 2, 3 order by 4 desc`,
    members.values,
  )
  return rows
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

function sumBy<T>(rows: readonly CountedRow[], keyOf: (row: CountedRow) => T): [T, number][] {
  const sums = new Map<T, number>()
  for (const row of rows) sums.set(keyOf(row), (sums.get(keyOf(row)) ?? 0) + row.count)
  return [...sums].toSorted(([, a], [, b]) => b - a)
}

const unfinished: ReadonlySet<string | null> = new Set(['queued', 'delivering', 'retrying'])

function skipsOf(rows: readonly CountedRow[]): PlanView['will_skip'] {
  const count = rows.reduce((sum, row) => sum + (unfinished.has(row.state) ? row.count : 0), 0)
  return count === 0 ? [] : [{ reason: 'unfinished', count }]
}

/** Causes after which the receiver may have acted although no answer says so. */
const unknownCauses: ReadonlySet<string | null> = new Set([
  'timed_out',
  'connection_lost',
  'answer_malformed',
  'interrupted',
])
const chats: ReadonlySet<string | null> = new Set(['slack', 'discord'])

function warningsOf(rows: readonly CountedRow[], wish: PlanWish): PlanView['warnings'] {
  const count = (fits: (row: CountedRow) => boolean): number =>
    rows.reduce((sum, row) => sum + (fits(row) ? row.count : 0), 0)
  const delivered = count(({ state }) => state === 'delivered')
  const unsure = count((row) => chats.has(row.webhook_type) && unknownCauses.has(row.cause))
  const warnings: PlanView['warnings'] = []
  if (delivered > 0 && wish.kind === 'resend')
    warnings.push({
      code: 'duplicates',
      text: `${delivered} of these were delivered: their receivers get them a second time.`,
    })
  if (unsure > 0)
    warnings.push({
      code: 'possible_duplicates',
      text: `${unsure} messages to chats may have arrived although no answer says so: people would see them twice.`,
    })
  return warnings
}
