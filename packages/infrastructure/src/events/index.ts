export type { LiveBatch, LiveEvents, SiteEvents } from './live-events.ts'
export { redisEvents } from './redis-events.ts'
