export { fastest, isCanaryGood, roomFor, stepMax, unusedAfter } from './operation-pace.ts'
export { timeToDrain, type Draining } from './time-to-drain.ts'
