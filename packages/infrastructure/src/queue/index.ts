export { complainSeldom } from './backend.ts'
export type {
  ConsumeOptions,
  Consumed,
  Consumer,
  DeliveryQueue,
  QueueCheck,
  QueueStore,
  SettlementListener,
} from './delivery-queue.ts'
export { openQueue } from './open-queue.ts'
export type { QueueBoard } from './queue-board.ts'
