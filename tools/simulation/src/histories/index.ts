export { eventsOf, type Action, type ActionKind, type History } from './history.ts'
export { randomHistory, type HistorySize } from './random-history.ts'
export { shortHistories } from './short-histories.ts'
