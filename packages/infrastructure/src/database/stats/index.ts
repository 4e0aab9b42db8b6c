export { addTallies, type AttemptTally } from './delivery-stats.ts'
export { readPaces, sampleLanes, type LanePace } from './lane-stats.ts'
export {
  isAdminEverywhere,
  listWorkers,
  readBacklog,
  type Backlog,
  type LaneBacklog,
  type SeenWorker,
} from './read-backlog.ts'
export { measuresSql, readMeasures } from './read-measures.ts'
export { readDestinationStats, readStats } from './read-stats.ts'
