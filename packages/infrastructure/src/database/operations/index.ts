export {
  cancelOperation,
  pauseOperation,
  resumeOperation,
  startOperation,
  type Change,
} from './change-operation.ts'
export { feedOperation, type Fed } from './feed-operation.ts'
export { selectionOf, type Selection } from './operation-selection.ts'
export { everyItem, findOperation, listItems, listOperations, type ToldItem } from './operations.ts'
export { planOperation } from './plan-operation.ts'
