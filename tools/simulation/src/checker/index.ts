export { check } from './check.ts'
export type { Observation, Violation } from './observation.ts'
