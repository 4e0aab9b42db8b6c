/** What the reckoning takes for granted. Prices are round numbers of the large clouds' lists, in US dollars a month. */
export interface Assumptions {
  /** The most of a processor that is used, so that peaks and failures have room. */
  busyShare: number
  /** Processors of the largest Postgres server there is to rent without asking. */
  postgresCoresMax: number
  /** Write-ahead log one server writes, archives and streams to a standby. */
  walMegabytesMax: number
  /** Beyond this a backup, a restore or a new standby takes most of a day. */
  postgresTerabytesMax: number
  /** Share of the traffic that the largest site has. Its deliveries wait in one shard. */
  largestSiteShare: number
  /** How long nothing is delivered in the worst case that Redis has to have memory for. */
  backlogSeconds: number
  bodyRetentionDays: number
  deliveryRetentionDays: number
  /** Processor time of Postgres to remove one delivery again, in microseconds: `npm run bench:partitions`. */
  pruneMicroseconds: number
  prices: {
    /** One processor with 2 GB, for an API or a worker. */
    processor: number
    /** One processor of a managed Postgres, with its memory; the standby costs the same again. */
    postgresProcessor: number
    /** A gigabyte of fast block storage; again for the standby. */
    gigabyte: number
    /** A Redis node of two processors and 6 GB; the replica costs the same again. */
    redisNode: number
  }
}

export const assumptions: Assumptions = {
  busyShare: 0.6,
  postgresCoresMax: 64,
  walMegabytesMax: 250,
  postgresTerabytesMax: 16,
  largestSiteShare: 0.1,
  backlogSeconds: 600,
  bodyRetentionDays: 30,
  deliveryRetentionDays: 90,
  pruneMicroseconds: 65,
  prices: { processor: 30, postgresProcessor: 75, gigabyte: 0.12, redisNode: 150 },
}
