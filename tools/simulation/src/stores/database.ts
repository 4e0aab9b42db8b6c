import type { DeliveryState } from '@ghostpost/delivery/deliver'
import type { World } from '../processes/index.ts'
import type {
  AlertRow,
  AlertRuleRow,
  AttemptLine,
  DeliveryRow,
  DestinationRow,
  ItemRow,
  KeyRow,
  OperationRow,
  PayloadRow,
  VisitorRow,
} from './rows.ts'
import { openTable, type Table } from './table.ts'

/** The database, which outlives all processes. */
export interface MemoryDatabase {
  nowMs: () => number
  hasBug: World['hasBug']
  deliveries: Table<DeliveryRow>
  /** Of each delivery. */
  attempts: Table<readonly AttemptLine[]>
  payloads: Table<PayloadRow>
  visitors: Table<VisitorRow>
  destinations: Table<DestinationRow>
  keys: Table<KeyRow>
  operations: Table<OperationRow>
  items: Table<ItemRow>
  alertRules: Table<AlertRuleRow>
  alerts: Table<AlertRow>
  settings: StoreSettings
  /** The changes of state, in order. */
  moves: readonly Move[]
}

export interface Move {
  deliveryId: string
  from: DeliveryState
  to: DeliveryState
}

export interface StoreSettings {
  claimMs: number
  sweepAfterMs: number
  sweepEveryMaxMs: number
  bodiesKeptMs: number
}

export function openMemoryDatabase(world: World, settings: StoreSettings): MemoryDatabase {
  const moves: Move[] = []
  return {
    nowMs: world.scheduler.nowMs,
    hasBug: world.hasBug,
    moves,
    deliveries: openTable((before, { deliveryId, state: to }) => {
      if (before && before.state !== to) moves.push({ deliveryId, from: before.state, to })
    }),
    attempts: openTable(),
    payloads: openTable(),
    visitors: openTable(),
    destinations: openTable(),
    keys: openTable(),
    operations: openTable(),
    items: openTable(),
    alertRules: openTable(),
    alerts: openTable(),
    settings,
  }
}

export function visitorKey(siteId: number, ghostVid: string): string {
  return `${siteId} ${ghostVid}`
}
