/** Assumptions of the calculation. Prices are round numbers from the large clouds' price lists, in US dollars a month. */
export interface Assumptions {
  /** Used share of a processor; the rest is spare for peaks and failures. */
  busyShare: number
  /** Processors of the largest Postgres server that the large clouds rent without a request. */
  postgresCoresMax: number
  /** Write-ahead log that one server can write, archive and stream to a standby, in MB a second. */
  walMegabytesMax: number
  /** With more data a backup, a restore or a new standby takes most of a day. */
  postgresTerabytesMax: number
  /** Share of the traffic that the largest site has. Its deliveries wait in one shard. */
  largestSiteShare: number
  /** Longest outage of delivery whose backlog must fit into Redis. */
  backlogSeconds: number
  bodyRetentionDays: number
  deliveryRetentionDays: number
  /** Processor time of Postgres to delete one delivery, in microseconds (docs/decisions/0018-scale.md). */
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
