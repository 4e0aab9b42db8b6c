export { noteReceiverHolds, type ReceiverHold } from './receiver-holds.ts'
export { addTallies, type AttemptTally } from './delivery-stats.ts'
export { readPaces, readPacesOfSites, sampleLanes, type LanePace } from './lane-stats.ts'
export {
  isAdminEverywhere,
  listWorkers,
  readBacklog,
  readBacklogOfSites,
  type Backlog,
  type HeldReceiver,
  type LaneBacklog,
  type LiveWorker,
} from './read-backlog.ts'
export { databaseMetricsSql, readDatabaseMetrics } from './read-database-metrics.ts'
export { readDestinationStats, readStats } from './read-stats.ts'
