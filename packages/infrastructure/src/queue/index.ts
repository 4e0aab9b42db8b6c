export { warnThrottled } from './queue-backend.ts'
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
export type { QueueBoard } from './queue-board.ts'
