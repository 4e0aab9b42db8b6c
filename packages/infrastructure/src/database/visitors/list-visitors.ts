import type { VisitorSummary } from '@ghostpost/delivery/contract/visitor'
import type { Database } from '../connection/open-database.ts'
import { visitorWordsSql, wordSearchQuery } from '../log/visitor-words.ts'

export interface VisitorPageRequest {
  siteId: number
  /** Words of which each begins a word of the name, the company or an id. */
  text?: string
  identifiedUser?: string
  scoreMin?: number
  /** Only visitors who were seen at this time or later. */
  seenFrom?: Date
  /** Where the last page ended; null for the first page. */
  cursor: string | null
  limit: number
}

export interface VisitorPage {
  items: VisitorSummary[]
  next_cursor: string | null
}

export const visitorColumns = `
    v.id,
    v.ghost_vid,
    v.score,
    v.identified_user_id,
    v.name,
    v.company,
    v.country,
    v.city,
    v.device_type,
    v.browser,
    v.total_sessions,
    v.total_pageviews,
    v.total_time_seconds,
    v.first_seen,
    v.last_seen,
    v.traits`

export interface VisitorSqlRow {
  id: string
  ghost_vid: string
  score: number
  identified_user_id: string | null
  name: string | null
  company: string | null
  country: string | null
  city: string | null
  device_type: string | null
  browser: string | null
  total_sessions: number
  total_pageviews: number
  total_time_seconds: number
  first_seen: Date
  last_seen: Date
  traits: Record<string, unknown> | null
}

/** One page of a site's visitors, the one seen last first. A text without a word finds nobody. */
export async function listVisitors(
  { pool }: Pick<Database, 'pool'>,
  request: VisitorPageRequest,
): Promise<VisitorPage> {
  const { limit, text } = request
  if (text !== undefined && wordSearchQuery(text) === null) return { items: [], next_cursor: null }
  const { conditions, values } = conditionsOf(request)
  const { rows } = await pool.query<VisitorSqlRow>(
    `select ${visitorColumns}
     from visitors v
     where ${conditions.join('\n       and ')}
     order by
       v.last_seen desc,
       v.id desc
     limit ${limit + 1}`,
    values,
  )
  const page = rows.slice(0, limit)
  const last = rows.length > limit ? page.at(-1) : undefined
  return { items: page.map(summaryOf), next_cursor: last ? `${last.last_seen.getTime()}-${last.id}` : null }
}

function conditionsOf(request: VisitorPageRequest): { conditions: string[]; values: unknown[] } {
  const values: unknown[] = [request.siteId]
  const conditions = ['v.site_id = $1']
  const add = (value: unknown, condition: (parameter: string) => string): void => {
    if (value === undefined || value === null) return
    values.push(value)
    conditions.push(condition(`$${values.length}`))
  }
  const { text, identifiedUser, scoreMin, seenFrom, cursor } = request
  add(text && wordSearchQuery(text), (query) => `${visitorWordsSql} @@ to_tsquery('simple', ${query})`)
  add(identifiedUser, (user) => `v.identified_user_id = ${user}`)
  add(scoreMin, (score) => `v.score >= ${score}`)
  add(seenFrom, (from) => `v.last_seen >= ${from}`)
  if (cursor !== null) {
    const [ms, id] = cursor.split('-')
    values.push(new Date(Number(ms)), id)
    conditions.push(`(v.last_seen, v.id) < ($${values.length - 1}, $${values.length}::bigint)`)
  }
  return { conditions, values }
}

export function summaryOf({ id: _id, ...row }: VisitorSqlRow): VisitorSummary {
  return { ...row, first_seen: row.first_seen.toISOString(), last_seen: row.last_seen.toISOString() }
}
