export { seededChoices, type Choices } from './choices.ts'
export { openScheduler, type Scheduler } from './scheduler.ts'
export { openTrace, type Trace } from './trace.ts'
