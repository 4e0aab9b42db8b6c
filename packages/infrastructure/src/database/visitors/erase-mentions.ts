import type { PoolClient } from 'pg'
import { wordsSql } from '../log/visitor-words.ts'

/** Replaces the id of an erased visitor. No visitor has this id. */
export const erasedVid = 'gv_erased'

export interface ErasedVisitor {
  siteId: number
  ghostVid: string
  /** The site's own id of the visitor, such as an e-mail address. */
  identifiedUser: string | null
  /** All words that a search finds the visitor by. */
  words: readonly string[]
}

// The quotes match the whole id, not the beginning of another one.
const eraseIdInSelectionsSql = `
  update operations set
    selection = replace(selection::text, '"' || $2 || '"', '"${erasedVid}"')::jsonb
  where site_id = $1
    and position('"' || $2 || '"' in selection::text) > 0`

const eraseUserInSelectionsSql = `
  update operations set
    selection = jsonb_set(selection, '{filter,identified_user}', to_jsonb('${erasedVid}'::text))
  where site_id = $1
    and selection -> 'filter' ->> 'identified_user' = $2`

// Search terms that find the visitor. A running operation still needs its terms, and they may also find other visitors.
const eraseTextInSelectionsSql = `
  update operations o set
    selection = jsonb_set(selection, '{filter,text}', to_jsonb('${erasedVid}'::text))
  where site_id = $1
    and state in ('planned', 'completed', 'cancelled')
    and exists (
      select
      from unnest($2::text[]) word
      cross join unnest(tsvector_to_array(${wordsSql(`o.selection -> 'filter' ->> 'text'`)})) term
      where starts_with(word, term)
    )`

/** The columns in which people write reasons and notes. */
const reasonColumns = [
  ['operations', 'reason'],
  ['operations', 'state_reason'],
  ['failure_groups', 'note'],
] as const

const replaceNameSql = (text: string): string => `regexp_replace(${text}, $2, '${erasedVid}', 'g')`

const eraseNameInReasonsSql = (table: string, column: string): string => `
  update ${table} set
    ${column} = ${replaceNameSql(column)}
  where site_id = $1
    and ${column} ~ $2`

const eraseNameInAuditSql = `
  update audit_log set
    details = jsonb_set(details, '{reason}', to_jsonb(${replaceNameSql(`details ->> 'reason'`)}))
  where site_id = $1
    and object_type = 'operation'
    and details ->> 'reason' ~ $2`

/**
 * Replaces a visitor's ids in the selections of operations, and in the reasons and notes that people wrote. A site's
 * own id that is not an e-mail address may be any word, so it stays in reasons and notes.
 */
export async function eraseMentions(client: PoolClient, person: ErasedVisitor): Promise<void> {
  const { siteId, ghostVid, identifiedUser, words } = person
  await client.query(eraseIdInSelectionsSql, [siteId, ghostVid])
  if (identifiedUser !== null) await client.query(eraseUserInSelectionsSql, [siteId, identifiedUser])
  if (words.length > 0) await client.query(eraseTextInSelectionsSql, [siteId, words])
  const names = [ghostVid, ...(identifiedUser?.includes('@') ? [identifiedUser] : [])]
  for (const pattern of names.map(wholeWord)) {
    for (const [table, column] of reasonColumns) {
      await client.query(eraseNameInReasonsSql(table, column), [siteId, pattern])
    }
    await client.query(eraseNameInAuditSql, [siteId, pattern])
  }
}

/** A Postgres regular expression that matches the name only as a whole word. */
function wholeWord(name: string): string {
  const literal = name.replaceAll(/[^\p{L}\p{N}]/gu, String.raw`\$&`)
  return `(?<![A-Za-z0-9_-])${literal}(?![A-Za-z0-9_-])`
}
