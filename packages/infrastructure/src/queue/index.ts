export { warnThrottled } from './queue-backend.ts'
export { isUsable } from './delivery-queue.ts'
export type {
  ConsumeOptions,
  ConsumeResult,
  Consumer,
  DeliveryQueue,
  QueueCheck,
  QueueStore,
  RepairResult,
  SettlementListener,
} from './delivery-queue.ts'
export { openQueue } from './open-queue.ts'
export { isQueueUnavailable } from './queue-error.ts'
export type { QueueBoard } from './queue-board.ts'
