export {
  eventsOf,
  type Action,
  type ActionKind,
  type DestinationSetup,
  type History,
  type RuleSetup,
} from './history.ts'
export { randomHistory, type HistorySize } from './random-history.ts'
export { shortHistories } from './short-histories.ts'
