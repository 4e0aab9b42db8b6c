import { Type } from 'typebox'

/** Where due deliveries wait, and who takes them from there. */
export const queueSettings = {
  QUEUE_URL: Type.String({
    description:
      'The queue: `redis://` or `rediss://` (TLS); `redis-cluster://user:password@host:port,host:port` for a Redis Cluster, `redis-sentinel://user:password@host:port,host:port/master-name` for Sentinels, both with `rediss` too; `postgres://` uses Postgres as the queue, for small installations.',
    pattern: '^(rediss?(-cluster|-sentinel)?|postgres(ql)?)://',
    secret: true,
  }),
  GHOSTPOST_QUEUE_PREFIX: Type.String({
    description: 'Prefix of all keys in the queue, so that several installations can share one Redis.',
    default: 'ghostpost',
    pattern: '^[a-z0-9_-]{1,40}$',
  }),
  GHOSTPOST_QUEUE_SHARDS: Type.Integer({
    description:
      'How many queues each lane is spread over, by site. More than one only for a Redis Cluster; see docs/scaling.md before changing it.',
    default: 1,
    minimum: 1,
    maximum: 64,
  }),
  GHOSTPOST_WORKER_SHARDS: Type.String({
    description:
      'The shards a worker takes deliveries from: numbers and spans from 0, as in `0-3 7`. Together the workers must take from all. Empty: from all.',
    default: '',
    pattern: '^$|^\\d{1,2}(-\\d{1,2})?( \\d{1,2}(-\\d{1,2})?)*$',
  }),
}
