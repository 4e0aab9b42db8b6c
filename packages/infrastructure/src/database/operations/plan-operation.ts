import {
  planOperation,
  type NewPlan,
  type OperationPlan,
  type PlanPorts,
  type PlanRequest,
} from '@ghostpost/delivery/operations'
import type { PlanView } from '@ghostpost/delivery/contract/operations'
import type { Database } from '../connection/open-database.ts'
import { selectedMembers } from './count-members.ts'
import { membersSql, selectionKey, storedSelection, type Selection } from './operation-selection.ts'
import { findOperation } from './operations.ts'

export interface PlanInput extends PlanRequest {
  id: string
  siteId: number
  userId: string
  selection: Selection
}

/** Counts what an operation would do, and stores the plan under its id. */
export async function createPlan(database: Database, input: PlanInput): Promise<PlanView> {
  const plan = await planOperation(input, planPorts(database, input))
  const operation = await findOperation(database, input.id)
  if (!operation) throw new Error('the plan was stored, but reading it found nothing')
  return { operation, ...viewOf(plan) }
}

function viewOf(plan: OperationPlan): Omit<PlanView, 'operation'> {
  return {
    matched: plan.matched,
    capped: plan.capped,
    by_type: plan.byType.map(({ webhookType, count }) => ({ webhook_type: webhookType, count })),
    by_cause: plan.byCause,
    by_receiver: plan.byReceiver.map(({ receiver, destinationId, destinationName, count }) => ({
      receiver,
      destination_id: destinationId,
      destination_name: destinationName,
      count,
    })),
    will_skip: [...plan.skips],
    warnings: plan.warnings,
    estimated_seconds: plan.estimatedSeconds,
    expires_at: plan.expiresAt.toISOString(),
  }
}

function planPorts(database: Database, input: PlanInput): PlanPorts {
  return {
    readClock: () => readClock(database),
    selectMembers: async (watermark) => {
      const members = await membersSql(database, input.siteId, input.selection, watermark)
      return members && selectedMembers(database, input, members)
    },
    findDestinations: (ids) =>
      database.prisma.destination.findMany({
        where: { id: { in: [...ids] } },
        select: { id: true, name: true, receiverHost: true },
      }),
    storePlan: (plan) => storePlan(database, input, plan),
  }
}

/** Rounds up, because the end times of deliveries may be rounded up too. */
async function readClock({ pool }: Database): Promise<Date> {
  const { rows } = await pool.query<{ now: Date }>(`select now() + interval '1 ms' as now`)
  return rows[0]?.now ?? new Date()
}

async function storePlan({ prisma }: Database, input: PlanInput, plan: NewPlan): Promise<void> {
  const { id, siteId, kind, selection, destinationId, includeRecovered, userId } = input
  await prisma.operation.create({
    data: {
      id,
      siteId,
      kind,
      selection: storedSelection(selection),
      selectionKey: selectionKey(kind, destinationId, selection),
      destinationId,
      includeRecovered,
      createdBy: userId,
      ...plan,
    },
  })
}
