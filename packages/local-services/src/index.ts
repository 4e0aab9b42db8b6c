export { findRedis } from './find-redis.ts'
export type { RedisBinaries } from './unpack-redis.ts'
export { imageNodeOptions } from './image-node-options.ts'
export type { LocalService } from './local-service.ts'
export { lockFolder } from './lock-folder.ts'
export { obtainPostgres, obtainRedis } from './obtain-stores.ts'
export { freePort, isPortFree } from './ports.ts'
export { endProcess, isAlive } from './processes.ts'
export { copyStoppedPostgres, startPostgres } from './start-postgres.ts'
export { startRedisCluster, type RedisCluster } from './start-redis-cluster.ts'
export { sendRedisCommand, startRedis } from './start-redis.ts'
export { startSentinel } from './start-sentinel.ts'
export {
  forgetProcess,
  killStartedProcesses,
  rememberProcess,
  signalStartedProcesses,
  watchStartedProcesses,
} from './started-processes.ts'
