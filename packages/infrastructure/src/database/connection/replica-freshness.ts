import type { Pool, QueryConfig } from 'pg'

export interface Freshness {
  /** Whether the replica has all that was committed up to the bound ago. Rejects when the replica cannot be asked. */
  isFresh: () => Promise<boolean>
}

/** A position in the primary's log of changes, and a moment at which everything committed lay before it. */
interface WalMark {
  atMs: number
  position: bigint
}

/** How often both are asked, at most, however much is read. */
const checkEveryMs = 250
/** A replica that hangs is noticed after this. */
const replicaTimeoutMs = 1_000

const primarySql = 'select pg_current_wal_flush_lsn()::text as position'
/** A server that is no replica has everything there is: it is the primary itself, perhaps by another name. */
const replicaSql = `
  select case when pg_is_in_recovery() then pg_last_wal_replay_lsn()::text end as position, pg_is_in_recovery() as follows`

/**
 * Knows how late a replica is without writing anything: what the primary's log had reached at some moment, the replica has
 * replayed later or not yet. Clocks are not compared, and a replica that lost its primary is seen to fall behind.
 */
export function openFreshness(primary: Pool, replica: Pool, lateMaxMs: number): Freshness {
  let marks: WalMark[] = []
  let completeUpToMs = 0
  let checkedAtMs = 0
  let checking: Promise<void> | null = null
  const check = async (): Promise<void> => {
    const atMs = Date.now()
    const reached = await primary.query<{ position: string }>(primarySql)
    marks.push({ atMs, position: parseLsn(reached.rows[0]?.position ?? '') })
    const replayed = await replica.query<{ position: string | null; follows: boolean }>({
      text: replicaSql,
      query_timeout: replicaTimeoutMs,
    } as QueryConfig)
    const { position = null, follows = true } = replayed.rows[0] ?? {}
    const replayedTo = position === null ? null : parseLsn(position)
    const reachedMark = marks.findLast(
      (mark) => !follows || (replayedTo !== null && mark.position <= replayedTo),
    )
    if (reachedMark) completeUpToMs = Math.max(completeUpToMs, reachedMark.atMs)
    marks = marks.filter((mark) => mark.atMs > completeUpToMs)
  }
  return {
    isFresh: async () => {
      if (Date.now() - checkedAtMs >= checkEveryMs) {
        checkedAtMs = Date.now()
        checking = check().finally(() => (checking = null))
      }
      await checking
      return Date.now() - completeUpToMs <= lateMaxMs
    },
  }
}

/** `16/B374D848` is one number of 64 bits: https://www.postgresql.org/docs/current/datatype-pg-lsn.html */
function parseLsn(text: string): bigint {
  const [high = '', low = ''] = text.split('/')
  return (BigInt(`0x${high || '0'}`) << 32n) | BigInt(`0x${low || '0'}`)
}
