export { isUuid } from './delivery-id.ts'
export { changeFailureGroup, listFailureGroups } from './failure-groups.ts'
export { listComing, parseComingCursor } from './list-coming.ts'
export { findWaiting } from './find-waiting.ts'
export { countDeliveries, everyDelivery, listDeliveries } from './list-deliveries.ts'
export { readDelivery, readSettlement } from './read-delivery.ts'
export {
  cancelDelivery,
  copyDelivery,
  findReplayable,
  resendDelivery,
  type ReplayInput,
  type ReplayResult,
} from './replay-delivery.ts'
