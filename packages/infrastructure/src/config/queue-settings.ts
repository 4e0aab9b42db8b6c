import { Type } from 'typebox'

/** Settings of the queue and of the workers that take deliveries from it. */
export const queueSettings = {
  QUEUE_URL: Type.String({
    description:
      'URL of the queue. `redis://` or `rediss://` (TLS); ' +
      '`redis-cluster://user:password@host:port,host:port` for a Redis Cluster and ' +
      '`redis-sentinel://user:password@host:port,host:port/master-name` for Sentinels, both also with ' +
      '`rediss`; `postgres://` uses Postgres as the queue, for small installations.',
    pattern: '^(rediss?(-cluster|-sentinel)?|postgres(ql)?)://',
    secret: true,
  }),
  GHOSTPOST_QUEUE_PREFIX: Type.String({
    description: 'Prefix of all queue keys, so that several installations can share one Redis.',
    default: 'ghostpost',
    pattern: '^[a-z0-9_-]{1,40}$',
  }),
  GHOSTPOST_QUEUE_SHARDS: Type.Integer({
    description:
      'Number of queues per lane; sites are distributed over them. Use more than 1 only with a Redis ' +
      'Cluster, and read docs/scaling.md before changing it.',
    default: 1,
    minimum: 1,
    maximum: 64,
  }),
  GHOSTPOST_WORKER_SHARDS: Type.String({
    description:
      'The shards a worker takes deliveries from: numbers and ranges from 0, for example `0-3 7`. The ' +
      'workers together must cover all shards. Empty: all.',
    default: '',
    pattern: '^$|^\\d{1,2}(-\\d{1,2})?( \\d{1,2}(-\\d{1,2})?)*$',
  }),
}
