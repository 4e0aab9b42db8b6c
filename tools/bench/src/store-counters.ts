import type { Redis } from 'ioredis'
import { Client } from 'pg'

export interface StatementCount {
  text: string
  calls: number
  /** Execution time in the server, in milliseconds. */
  ms: number
}

export interface RedisCount {
  /** Number of reads from connections; a pipelined batch is one read. */
  reads: number
  /** Number of calls by command, calls from scripts included. */
  commands: Readonly<Record<string, number>>
  usedBytes: number
}

/** Statements run in a database, most frequent first, without those of the benchmark. */
export async function statementCounts(databaseUrl: string): Promise<StatementCount[]> {
  const client = new Client({ connectionString: databaseUrl, application_name: 'bench-counter' })
  await client.connect()
  try {
    await client.query('create extension if not exists pg_stat_statements')
    const { rows } = await client.query<{ query: string; calls: string; ms: number }>(
      `select query, sum(calls) as calls, sum(total_exec_time) as ms from pg_stat_statements
       where dbid = (select oid from pg_database where datname = current_database())
         and query not like '%pg_stat_statements%'
       group by query order by 2 desc`,
    )
    return rows.map(({ query, calls, ms }) => ({ text: query, calls: Number(calls), ms }))
  } finally {
    await client.end()
  }
}

/** Statements between two counts, most frequent first. */
export function countsBetween(
  before: readonly StatementCount[],
  after: readonly StatementCount[],
): StatementCount[] {
  const earlier = new Map(before.map((count) => [count.text, count]))
  return after
    .map(({ text, calls, ms }) => {
      const known = earlier.get(text)
      return { text, calls: calls - (known?.calls ?? 0), ms: ms - (known?.ms ?? 0) }
    })
    .filter(({ calls }) => calls > 0)
    .toSorted((a, b) => b.calls - a.calls)
}

export async function redisCounts(redis: Redis): Promise<RedisCount> {
  const info = await redis.info('stats', 'commandstats', 'memory')
  const commands = [...info.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)]
  return {
    reads: Number(/^total_reads_processed:(\d+)/m.exec(info)?.[1] ?? 0),
    commands: Object.fromEntries(commands.map(([, name = '', calls]) => [name, Number(calls)])),
    usedBytes: Number(/^used_memory:(\d+)/m.exec(info)?.[1] ?? 0),
  }
}

/** Calls between two counts, most frequent first. */
export function commandsBetween(before: RedisCount, after: RedisCount): Record<string, number> {
  const changes = Object.entries(after.commands).map(
    ([name, calls]) => [name, calls - (before.commands[name] ?? 0)] as const,
  )
  return Object.fromEntries(changes.filter(([, calls]) => calls > 0).toSorted(([, a], [, b]) => b - a))
}
