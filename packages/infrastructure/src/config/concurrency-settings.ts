import { Type } from 'typebox'

/** Settings of how many attempts run at once. Part of the schema in settings-schema.ts. */
export const concurrencySettings = {
  GHOSTPOST_WORKER_CONCURRENCY: Type.Integer({
    description:
      'Most attempts that one worker works on at once in each lane. An attempt that waits for the response does not ' +
      'count.',
    default: 50,
    minimum: 1,
    maximum: 1_000,
  }),
  GHOSTPOST_WORKER_IN_FLIGHT: Type.Integer({
    description:
      'Most attempts of one worker in each lane that have begun and not ended, including those that wait for the ' +
      'response. One site alone gets a fifth of them; ten greedy sites together leave at least a tenth to others.',
    default: 400,
    minimum: 1,
    maximum: 10_000,
  }),
  GHOSTPOST_RECEIVER_CONCURRENCY: Type.Integer({
    description:
      'Most concurrent requests to one receiver, from all workers together. A saved destination may ' +
      'have its own limit.',
    default: 100,
    minimum: 1,
    maximum: 1_000,
  }),
  GHOSTPOST_BREAKER_FAILURES: Type.Integer({
    description:
      'Consecutive failures after which a receiver’s circuit breaker opens and its deliveries wait; 0 for never.',
    default: 5,
    minimum: 0,
    maximum: 1_000,
  }),
}
