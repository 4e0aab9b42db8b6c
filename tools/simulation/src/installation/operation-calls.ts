import { planOperation, type PlanPorts } from '@ghostpost/delivery/operations'
import type { Action } from '../histories/index.ts'
import type { Life } from '../processes/index.ts'
import { selectedMembers, sweepResumed, type OperationRow } from '../stores/index.ts'
import { callDatabase, enqueue, type Installation } from './installation.ts'
import type { Reply } from './responses.ts'

type OperationAction = Extract<Action, { kind: 'operation' }>

/** Plans an operation and starts it. */
export async function handleOperation(
  installation: Installation,
  life: Life,
  action: OperationAction,
): Promise<Reply> {
  const { id, operation: kind, destinationId, rate, canary } = action
  await planOperation(
    { kind, destinationId, includeRecovered: false, rate, canary },
    planPorts(installation, life, action),
  )
  await changeOperation(installation, life, id, (row) =>
    row.state === 'planned' ? { ...row, state: 'running', pacedAtMs: installation.database.nowMs() } : null,
  )
  return { status: 200 }
}

function planPorts({ database }: Installation, life: Life, action: OperationAction): PlanPorts {
  const { id, siteId, select, operation: kind, destinationId } = action
  return {
    readClock: () => callDatabase(life, 'read-clock', id, () => new Date(database.nowMs() + 1)),
    selectMembers: async (watermark) => ({
      from: select === 'visitors' ? 'visitors' : 'deliveries',
      countGroups: () =>
        callDatabase(life, 'count-groups', id, (transaction) => {
          const selection = { siteId, select, watermarkMs: watermark.getTime() }
          const count = selectedMembers(database, selection, transaction).length
          const group = { webhookType: null, cause: null, state: null, destinationId, receiverHost: null }
          return count === 0 ? [] : [{ ...group, count }]
        }),
      countSkips: async () => [],
      countUnknownOutcomes: async () => 0,
    }),
    findDestinations: async () => [],
    storePlan: ({ rate, canary, matched, watermark }) =>
      callDatabase(life, 'store-plan', id, (transaction) => {
        const start = { cursor: null, fed: 0, allFed: false, fedAtMs: null, pacedAtMs: 0, finishedAtMs: null }
        const watermarkMs = watermark.getTime()
        const plan = { id, siteId, kind, select, destinationId, rate, canary, matched, watermarkMs }
        database.operations.set(id, { ...plan, ...start, state: 'planned' }, transaction)
      }),
  }
}

/** Null: the operation is in the wrong state. */
type Change = (row: OperationRow) => OperationRow | null

function changeOperation(
  { database }: Installation,
  life: Life,
  id: string,
  change: Change,
): Promise<boolean> {
  return callDatabase(life, 'change-operation', id, (transaction) => {
    const row = database.operations.get(id, transaction)
    const changed = row ? change(row) : null
    if (changed) database.operations.set(id, changed, transaction)
    return changed !== null
  })
}

const changes: Readonly<
  Record<'pause-operation' | 'resume-operation' | 'cancel-operation', (nowMs: number) => Change>
> = {
  'pause-operation': () => (row) => (row.state === 'running' ? { ...row, state: 'paused' } : null),
  'resume-operation': (nowMs) => (row) =>
    row.state === 'paused'
      ? { ...row, state: 'running', pacedAtMs: nowMs, canary: row.canary === 'failed' ? 'off' : row.canary }
      : null,
  'cancel-operation': () => (row) =>
    row.state === 'running' || row.state === 'paused' ? { ...row, state: 'cancelled', fedAtMs: null } : null,
}

export async function handleOperationChange(
  installation: Installation,
  life: Life,
  { kind, of }: Extract<Action, { kind: keyof typeof changes }>,
): Promise<Reply> {
  const { database } = installation
  const isChanged = await changeOperation(installation, life, of, changes[kind](database.nowMs()))
  if (!isChanged) return { status: 409 }
  if (kind === 'resume-operation')
    await enqueueResumed(installation, life, of, ({ operationId }) => operationId === of)
  return { status: 200 }
}

/** Enqueues the due deliveries of a destination or an operation that was resumed. */
export async function enqueueResumed(
  installation: Installation,
  life: Life,
  subject: string,
  isResumed: Parameters<typeof sweepResumed>[1],
): Promise<void> {
  const due = await callDatabase(life, 'sweep-resumed', subject, (transaction) =>
    sweepResumed(installation.database, isResumed, transaction),
  )
  await Promise.all(due.map((one) => enqueue(installation, life, one, { overdue: true })))
}
