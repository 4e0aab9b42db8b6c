import { randomUUIDv7 } from 'node:crypto'
import { sweepResumed } from '@ghostpost/infrastructure/database/attempts'
import type { Database } from '@ghostpost/infrastructure/database/connection'
import {
  cancelOperation,
  createPlan,
  feedNextOperation,
  pauseOperation,
  resumeOperation,
  startOperation,
  type FeedResult,
  type OperationChange,
} from '@ghostpost/infrastructure/database/operations'
import type { Step, StepResult } from '../steps.ts'
import type { Handlers } from './attempt-handlers.ts'
import { siteId } from './fixture.ts'
import { doneIf, dueResult, sweepAfterMs, type Registry } from './registry.ts'

type OperationKind = 'start operation' | 'feed' | 'pause operation' | 'resume operation' | 'cancel operation'

/** Members a second: one step starts all members of a short history. */
const rate = 100

export function operationHandlers(registry: Registry): Handlers<OperationKind> {
  const { database, actor, operationId } = registry
  return {
    'start operation': (step) => start(registry, step),
    feed: async ({ operation }) => {
      const fed = await feed(database, operationId(operation))
      if (!fed) return { kind: 'refused' }
      for (const made of await readMembers(database, operationId(operation))) registry.register(made)
      return dueResult(registry, fed.deliveries)
    },
    'pause operation': async ({ operation }) =>
      doneIf(isChanged(await pauseOperation(database, operationId(operation), 'model', actor))),
    'resume operation': async ({ operation }) => {
      const id = operationId(operation)
      if (!isChanged(await resumeOperation(database, id, actor))) return { kind: 'refused' }
      return dueResult(registry, await sweepResumed(database, { operationId: id }))
    },
    'cancel operation': async ({ operation }) =>
      doneIf(isChanged(await cancelOperation(database, operationId(operation), actor))),
  }
}

function isChanged({ kind }: OperationChange): boolean {
  return kind === 'changed'
}

/** Plans at a time that is clearly later than what has finished, and clearly earlier than what finishes next. */
async function start(
  { database, actor, user, ...registry }: Registry,
  { of: kind, members }: Extract<Step, { kind: 'start operation' }>,
): Promise<StepResult> {
  const id = randomUUIDv7()
  const memberIds = members.map((member) => registry.deliveryId(member)).toSorted()
  const selection = { kind: 'delivery_ids', ids: memberIds } as const
  const target = { destinationId: null, includeRecovered: false }
  const input = { id, siteId, userId: user.id, kind, selection, ...target, rate, canary: false }
  await database.pool.query(`
    update deliveries set finished_at = finished_at - interval '1 minute';
    update operations set watermark = watermark - interval '1 minute'`)
  await createPlan(database, input)
  await database.pool.query(
    `update operations set watermark = watermark - interval '30 seconds' where id = $1`,
    [id],
  )
  registry.registerOperation(id)
  return doneIf(isChanged(await startOperation(database, id, null, actor)))
}

/** Makes this operation the one that is due, with a full credit. */
async function feed(database: Database, id: string): Promise<FeedResult | null> {
  await database.pool.query(
    `update operations
     set
       fed_at = case when id = $1 then null else now() + interval '1 hour' end,
       paced_at = now() - interval '1 hour'`,
    [id],
  )
  return feedNextOperation(database, sweepAfterMs)
}

async function readMembers({ pool }: Database, id: string): Promise<string[]> {
  const { rows } = await pool.query<{ delivery_id: string }>(
    `select delivery_id
     from operation_items
     where operation_id = $1
       and delivery_id is not null
     order by number`,
    [id],
  )
  return rows.map((row) => row.delivery_id)
}
