import type { CallCost } from '../workloads/cost.ts'
import type { Assumptions } from './assumptions.ts'

export interface Measured {
  cost: CallCost
  /** Bytes of Redis that one waiting delivery takes. */
  waitingBytes: number
}

/** The resources that a rate of deliveries needs. */
export interface ResourceNeed {
  perSecond: number
  /** Number of processes; each uses at most one processor. */
  apis: number
  workers: number
  postgresCores: number
  /** Separate installations, each with its own servers and its own sites. */
  installations: number
  statementsPerSecond: number
  walMegabytesPerSecond: number
  walFlushesPerSecond: number
  redisNodes: number
  redisCommandsPerSecond: number
  backlogGigabytes: number
  gigabytesPerDay: number
  storedTerabytes: number
  dollars: { processes: number; postgres: number; storage: number; redis: number }
  /** Use of each limit of one installation, as a multiple of the limit; the largest first. */
  limits: readonly { what: string; times: number }[]
}

const secondsPerDay = 86_400
const megabyte = 1e6
const gigabyte = 1e9
const terabyte = 1e12

/** Computes the need from the cost of one delivery on the measured machine. A faster processor needs fewer of them. */
export function computeNeed(
  { cost, waitingBytes }: Measured,
  perSecond: number,
  assumed: Assumptions,
): ResourceNeed {
  const cores = (seconds: number): number => (perSecond * seconds) / assumed.busyShare
  const postgresCores = cores(cost.cpu.postgres + assumed.pruneMicroseconds / 1e6)
  const bytesPerDay = perSecond * secondsPerDay * storedBytes(cost)
  const storedTerabytes = (perSecond * secondsPerDay * storedByteDays(cost, assumed)) / terabyte
  const walMegabytesPerSecond = (perSecond * cost.walBytes) / megabyte
  const limits = [
    { what: 'Postgres’ processors', times: postgresCores / assumed.postgresCoresMax },
    { what: 'Postgres’ write-ahead log', times: walMegabytesPerSecond / assumed.walMegabytesMax },
    { what: 'storage of Postgres', times: storedTerabytes / assumed.postgresTerabytesMax },
    { what: 'the largest site’s shard', times: cores(cost.cpu.redis) * assumed.largestSiteShare },
  ].toSorted((a, b) => b.times - a.times)
  // More installations do not make one site's shard faster.
  const shared = limits.filter(({ what }) => what !== 'the largest site’s shard').map(({ times }) => times)
  const need = {
    perSecond,
    apis: roundUp(cores(cost.cpu.api)),
    workers: roundUp(cores(cost.cpu.worker)),
    postgresCores,
    installations: Math.max(1, roundUp(Math.max(...shared))),
    statementsPerSecond: perSecond * cost.statements,
    walMegabytesPerSecond,
    walFlushesPerSecond: perSecond * cost.walFlushes,
    redisNodes: Math.max(1, roundUp(cores(cost.cpu.redis))),
    redisCommandsPerSecond: perSecond * cost.redisCommands,
    backlogGigabytes: (perSecond * assumed.backlogSeconds * waitingBytes) / gigabyte,
    gigabytesPerDay: bytesPerDay / gigabyte,
    storedTerabytes,
    limits,
  }
  return { ...need, dollars: dollarsOf(need, assumed) }
}

/** Rounds up and ignores floating-point error. */
function roundUp(value: number): number {
  return Math.ceil(value - 1e-6)
}

function storedBytes({ stored }: Pick<CallCost, 'stored'>): number {
  return Object.values(stored).reduce((sum, bytes) => sum + bytes, 0)
}

/**
 * Bytes of one delivery times their retention in days. Stored responses are pruned earlier; they count as if they had
 * the retention of the delivery.
 */
function storedByteDays(
  { stored }: CallCost,
  { bodyRetentionDays, deliveryRetentionDays }: Assumptions,
): number {
  const early = stored.payloads * Math.min(bodyRetentionDays, deliveryRetentionDays)
  return early + (storedBytes({ stored }) - stored.payloads) * deliveryRetentionDays
}

function dollarsOf(
  need: Pick<ResourceNeed, 'apis' | 'workers' | 'postgresCores' | 'storedTerabytes' | 'redisNodes'>,
  { prices }: Assumptions,
): ResourceNeed['dollars'] {
  const withStandby = 2
  return {
    processes: (need.apis + need.workers) * prices.processor,
    postgres: roundUp(need.postgresCores) * prices.postgresProcessor * withStandby,
    storage: need.storedTerabytes * 1_000 * prices.gigabyte * withStandby,
    redis: need.redisNodes * prices.redisNode * withStandby,
  }
}
