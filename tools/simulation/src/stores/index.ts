export {
  lockTarget,
  measure,
  readCauses,
  saveAlert,
  saveState,
  takeDueRule,
  watchedRuleOf,
} from './alerts.ts'
export { claimDelivery, storePayload } from './claim.ts'
export {
  openMemoryDatabase,
  visitorKey,
  type MemoryDatabase,
  type Move,
  type StoreSettings,
} from './database.ts'
export { deleteProfile, eraseDeliveries } from './erase.ts'
export {
  cancelWaiting,
  countCanary,
  countStarted,
  findMembers,
  itemsOf,
  listNeverBegun,
  selectedMembers,
  startMembers,
  storeProgress,
  takeOperation,
} from './operations.ts'
export { openMemoryQueue, type MemoryQueue } from './queue.ts'
export {
  openReceivers,
  reactions,
  retryAfterSeconds,
  type Reaction,
  type ReceivedRequest,
  type Receivers,
} from './receivers.ts'
export { recordAttempt, releaseClaim } from './record.ts'
export { cancelDelivery, copyDelivery, findReplayable, resendDelivery } from './replay.ts'
export type {
  AlertRow,
  AlertRuleRow,
  AttemptLine,
  DeliveryRow,
  DestinationRow,
  ItemRow,
  OperationRow,
  VisitorRow,
} from './rows.ts'
export { keyRowOf, saveDelivery, storeResponse } from './save.ts'
export { findExpiredPayloads, sweepAgain, sweepDue, sweepResumed } from './sweep.ts'
export { beginTransaction, runStatement, type Transaction } from './table.ts'
