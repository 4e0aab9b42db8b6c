import type { PoolClient } from 'pg'
import { wordsSql } from '../log/visitor-words.ts'

/** Stands where the visitor's id stood; no visitor has it. */
export const erasedVid = 'gv_erased'

export interface ErasedVisitor {
  siteId: number
  ghostVid: string
  /** What the site calls the visitor, as an e-mail address. */
  identifiedUser: string | null
  /** All words the visitor could be found by. */
  words: readonly string[]
}

// The quotes make it the whole id, not the beginning of another.
const selectionSql = `
  update operations set selection = replace(selection::text, '"' || $2 || '"', '"${erasedVid}"')::jsonb
  where site_id = $1 and position('"' || $2 || '"' in selection::text) > 0`

const userInSelectionSql = `
  update operations set selection = jsonb_set(selection, '{filter,identified_user}', to_jsonb('${erasedVid}'::text))
  where site_id = $1 and selection -> 'filter' ->> 'identified_user' = $2`

// Words people wrote to find the visitor by. An operation that is under way goes by them, and they may be about others, too.
const textInSelectionSql = `
  update operations o set selection = jsonb_set(selection, '{filter,text}', to_jsonb('${erasedVid}'::text))
  where site_id = $1 and state in ('planned', 'completed', 'cancelled') and exists (
    select from unnest($2::text[]) word, unnest(tsvector_to_array(${wordsSql(`o.selection -> 'filter' ->> 'text'`)})) asked
    where starts_with(word, asked))`

/** Where people give reasons in words of their own. */
const reasonColumns = [
  ['operations', 'reason'],
  ['operations', 'state_reason'],
  ['failure_groups', 'note'],
] as const

const replaceNameSql = (text: string): string => `regexp_replace(${text}, $2, '${erasedVid}', 'g')`

const auditReasonsSql = `
  update audit_log set details = jsonb_set(details, '{reason}', to_jsonb(${replaceNameSql(`details ->> 'reason'`)}))
  where site_id = $1 and object_type = 'operation' and details ->> 'reason' ~ $2`

/**
 * Puts something else where operations, notes and the audit log name a visitor: as what was selected, or in a reason
 * somebody gave. A name that is no e-mail address may be any word, and is left in what people wrote.
 */
export async function eraseMentions(client: PoolClient, person: ErasedVisitor): Promise<void> {
  const { siteId, ghostVid, identifiedUser, words } = person
  await client.query(selectionSql, [siteId, ghostVid])
  if (identifiedUser !== null) await client.query(userInSelectionSql, [siteId, identifiedUser])
  if (words.length > 0) await client.query(textInSelectionSql, [siteId, words])
  const names = [ghostVid, ...(identifiedUser?.includes('@') ? [identifiedUser] : [])]
  for (const pattern of names.map(wholeWord)) {
    for (const [table, column] of reasonColumns) {
      await client.query(
        `update ${table} set ${column} = ${replaceNameSql(column)} where site_id = $1 and ${column} ~ $2`,
        [siteId, pattern],
      )
    }
    await client.query(auditReasonsSql, [siteId, pattern])
  }
}

/** Postgres's regular expression for a name, not for the beginning or the end of another. */
function wholeWord(name: string): string {
  const literal = name.replaceAll(/[^\p{L}\p{N}]/gu, String.raw`\$&`)
  return `(?<![A-Za-z0-9_-])${literal}(?![A-Za-z0-9_-])`
}
