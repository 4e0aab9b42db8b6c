export {
  membersPerSecondMax,
  hasCanaryPassed,
  startableMembers,
  membersPerStepMax,
  creditAfter,
} from './operation-pace.ts'
export { timeToDrain, type DrainEstimate } from './time-to-drain.ts'
