import type { Database } from '@ghostpost/infrastructure/database/connection'
import type { ResultLine } from './result-line.ts'

type Statement = string | { text: string; values?: unknown[] }

/** Runs `work` and returns Postgres' plans of its statements. */
export async function explainQueries(
  { pool }: Pick<Database, 'pool'>,
  work: (watched: { pool: Database['pool'] }) => Promise<unknown>,
): Promise<string> {
  const plans: string[] = []
  const explaining = {
    query: async (statement: Statement, values?: unknown[]) => {
      const { text, values: own = values } = typeof statement === 'string' ? { text: statement } : statement
      const { rows } = await pool.query<Record<'QUERY PLAN', string>>(`explain ${text}`, own)
      plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'))
      return pool.query(text, own)
    },
  }
  await work({ pool: explaining as unknown as Database['pool'] })
  return plans.join('\n')
}

/** Visitors with words that many have: it ends once there are too many to be named. */
const boundedScan = /Limit .*\n\s*->\s+Seq Scan on visitors\b/g

/** True when no large table is scanned sequentially. */
export function indexLine(name: string, plan: string): ResultLine {
  const indexes = [
    ...new Set([...plan.matchAll(/(?:using|on) (\w+_(?:idx|pkey))/g)].map(([, index]) => index)),
  ]
  const scanned = /Seq Scan on (deliveries|attempts|payloads|visitors)\b/.test(
    plan.replaceAll(boundedScan, ''),
  )
  return {
    what: `index: ${name}`,
    measured: indexes.join(', ') || 'nothing to read',
    target: 'no sequential scan',
    met: !scanned,
  }
}
