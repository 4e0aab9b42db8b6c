export {
  faultKinds,
  planFaults,
  type AwaitPoint,
  type Fault,
  type FaultKind,
  type FaultPlan,
  type PlannedFault,
} from './faults.ts'
export { NoResponse, RowLocked, StoreLost, type Life } from './life.ts'
export { repeatEvery, superviseProcess, type SupervisedProcess } from './process.ts'
export { times, type World } from './world.ts'
