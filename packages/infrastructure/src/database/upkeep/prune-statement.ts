/** The most rows that one execution of a statement deletes. */
export const batch = 1_000

/** Retention in days. */
export interface RetentionDays {
  /** Payloads, and the requests and responses of attempts. */
  bodies: number
  deliveries: number
  audit: number
}

export interface PruneStatement {
  name: string
  sql: string
  /** The value of `$1`, in days; null when the statement has no `$1`. */
  retentionDays: (retention: RetentionDays) => number | null
}
