import { dueDeliveryOf, type DueDelivery } from '../../src/deliver/due-delivery.ts'
import type { CanaryVerdict, FeedingOperation, FeedPorts, FeedProgress } from '../../src/operations/ports.ts'

type Outcome = 'waiting' | 'delivered' | 'failed' | 'skipped' | 'cancelled'

interface LedgerLine {
  memberId: string
  outcome: Outcome
  /** Attempts of its delivery. */
  attempts: number
}

export interface MemoryOperation {
  operation: FeedingOperation
  ports: FeedPorts
  ledger: LedgerLine[]
  /** `completed` or `cancelled` once the operation has ended. */
  ended: () => string | null
  pauseReason: () => string | null
  /** Deliveries that a worker is attempting. Cancelling does not change them. */
  sending: Set<string>
  /** Settles each waiting delivery. */
  settleAll: (outcome: (line: LedgerLine, index: number) => Outcome) => void
  count: (outcome: Outcome) => number
}

interface MemoryOptions extends Partial<FeedingOperation> {
  /** Ids of members that the database skips. */
  skipped?: ReadonlySet<string>
  /** How many rows one search reads. A page may be empty although members follow. */
  scanMax?: number
  /** Members that still match; by default all that the plan found. */
  members?: number
}

const idOf = (index: number): string => String(index).padStart(9, '0')

/** An operation whose members, ledger and progress are in memory. */
export function memoryOperation(options: MemoryOptions = {}): MemoryOperation {
  const { skipped = new Set<string>(), scanMax = Infinity, members, ...changes } = options
  const operation: FeedingOperation = {
    state: 'running',
    rate: 1_000,
    creditMs: 500,
    canary: 'off',
    matched: 40,
    fed: 0,
    allFed: false,
    cursor: null,
    ...changes,
  }
  const ids = Array.from({ length: members ?? operation.matched }, (_, index) => idOf(index))
  const ledger: LedgerLine[] = []
  const sending = new Set<string>()
  let ended: string | null = null
  let pauseReason: string | null = null
  const started = (): LedgerLine[] => ledger.filter(({ outcome }) => outcome !== 'skipped')
  const waiting = (): LedgerLine[] => ledger.filter(({ outcome }) => outcome === 'waiting')

  const ports: FeedPorts = {
    countStarted: async () => ({
      started: started().length,
      untried: waiting().filter(({ attempts }) => attempts === 0).length,
      waiting: waiting().length,
    }),
    countCanary: async () => ({
      started: started().length,
      tried: started().filter(({ outcome, attempts }) => outcome !== 'waiting' || attempts > 0).length,
      failed: started().filter(
        ({ outcome, attempts }) => outcome === 'failed' || (outcome === 'waiting' && attempts > 0),
      ).length,
    }),
    storeCanary: async (verdict: CanaryVerdict) => {
      operation.canary = verdict.canary
      if (verdict.canary === 'failed') pauseReason = verdict.pauseReason
    },
    findMembers: async (cursor, limit) => {
      const rest = ids.filter((id) => cursor === null || id > cursor)
      const page = rest.slice(0, Math.min(limit, scanMax))
      const found = page.map((id) => ({ id, ghostVid: `gv_${id}`, visitorId: id }))
      return {
        members: found,
        cursor: page.at(-1) ?? cursor,
        isEnd: page.length === rest.length && page.length < limit,
      }
    },
    startMembers: async (found, fed) => {
      if (fed !== ledger.length) throw new Error('the numbers of the ledger have a gap')
      for (const { id } of found)
        ledger.push({ memberId: id, outcome: skipped.has(id) ? 'skipped' : 'waiting', attempts: 0 })
      return found.filter(({ id }) => !skipped.has(id)).map(({ id }) => dueDelivery(id))
    },
    storeProgress: async ({ cursor, fed, allFed, isCanaryStarted, creditMs }: FeedProgress) => {
      Object.assign(operation, { cursor, fed, allFed, creditMs: creditMs ?? operation.creditMs })
      if (isCanaryStarted) operation.canary = 'running'
    },
    listNeverBegun: async (found, fed) => {
      if (fed !== ledger.length) throw new Error('the numbers of the ledger have a gap')
      for (const { id } of found) ledger.push({ memberId: id, outcome: 'cancelled', attempts: 0 })
    },
    cancelWaiting: async (limit) => {
      const cancellable = waiting().filter(({ memberId }) => !sending.has(memberId))
      for (const line of cancellable.slice(0, limit)) line.outcome = 'cancelled'
    },
    finish: async (state) => void (ended = state),
  }
  return {
    operation,
    ports,
    ledger,
    ended: () => ended,
    pauseReason: () => pauseReason,
    sending,
    settleAll: (outcomeOf) => {
      for (const [index, line] of waiting().entries()) {
        line.attempts += 1
        line.outcome = outcomeOf(line, index)
      }
    },
    count: (state) => ledger.filter(({ outcome }) => outcome === state).length,
  }
}

function dueDelivery(id: string): DueDelivery {
  return dueDeliveryOf({
    deliveryId: id,
    siteId: 4,
    webhookType: 'custom',
    destinationId: null,
    receiverHost: 'hooks.example.com',
    operationId: null,
    webhookKey: null,
    attemptsMade: 0,
    seriesStart: 0,
  })
}
