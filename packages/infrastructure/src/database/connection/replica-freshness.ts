import type { Pool, QueryConfig } from 'pg'

export interface Freshness {
  /** Whether the replica has replayed all that was committed up to the bound. Rejects when the replica does not respond. */
  isFresh: () => Promise<boolean>
}

/** A position in the primary's write-ahead log. Everything committed before `atMs` lies before it. */
interface WalMark {
  atMs: number
  position: bigint
}

/** The servers are asked at most this often, however many reads there are. */
const checkEveryMs = 250
/** A replica that does not respond within this time counts as unresponsive. */
const replicaTimeoutMs = 1_000

interface PrimaryRow {
  position: string
}

const primarySql = 'select pg_current_wal_flush_lsn()::text as position'

interface ReplicaRow {
  position: string | null
  follows: boolean
}

// A server that is not in recovery is a primary and has everything: here it is the primary under another name.
const replicaSql = `
  select
    case when pg_is_in_recovery() then pg_last_wal_replay_lsn()::text end as position,
    pg_is_in_recovery() as follows`

/**
 * Measures how late a replica is without writing anything: it notes the primary's log position at a moment, and later
 * checks whether the replica has replayed it. This compares no clocks of servers, and it notices a replica that has lost
 * its primary. The bound counts from the moment a commit is on the disk: a commit that does not wait for the disk (that of
 * a claim) gets there within a second.
 * @param now a monotonic clock, in milliseconds
 */
export function openFreshness(
  primary: Pool,
  replica: Pool,
  lateMaxMs: number,
  now: () => number = () => performance.now(),
): Freshness {
  let marks: WalMark[] = []
  let completeUpToMs = -Infinity
  let checkedAtMs = -Infinity
  let checking: Promise<void> | null = null
  const check = async (): Promise<void> => {
    const atMs = now()
    const reached = await primary.query<PrimaryRow>(primarySql)
    marks.push({ atMs, position: parseLsn(reached.rows[0]?.position ?? '') })
    const replayed = await replica.query<ReplicaRow>({
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
      if (now() - checkedAtMs >= checkEveryMs) {
        checkedAtMs = now()
        checking = check().finally(() => (checking = null))
      }
      await checking
      return now() - completeUpToMs <= lateMaxMs
    },
  }
}

/** Parses `16/B374D848` as one 64-bit number: https://www.postgresql.org/docs/current/datatype-pg-lsn.html */
function parseLsn(text: string): bigint {
  const [high = '', low = ''] = text.split('/')
  return (BigInt(`0x${high || '0'}`) << 32n) | BigInt(`0x${low || '0'}`)
}
