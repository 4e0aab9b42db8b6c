export {
  cancelOperation,
  pauseOperation,
  resumeOperation,
  startOperation,
  type OperationChange,
} from './change-operation.ts'
export { feedNextOperation, type FeedResult } from './feed-operation.ts'
export { selectionOf, type Selection } from './operation-selection.ts'
export { everyItem, findOperation, listItems, listOperations, type ExportedItem } from './operations.ts'
export { createPlan } from './plan-operation.ts'
