/** The words a visitor can be found by. */

/** SQL of the words of a text. */
export function wordsSql(text: string): string {
  return `to_tsvector('simple'::regconfig, translate(${text}, '@._-+/', '      '))`
}

/** As the index `visitors_words_idx` has it; `v` names the table. */
export const visitorWordsSql = wordsSql(
  `coalesce(v.name, '') || ' ' || coalesce(v.company, '') || ' ' || coalesce(v.identified_user_id, '') || ' ' || v.ghost_vid`,
)

/** What people typed as a query of Postgres's text search; null when there is no word in it. */
export function wordSearchQuery(text: string): string | null {
  const words = text.match(/[\p{L}\p{M}\p{N}]+/gu)
  return words && words.map((word) => `${word}:*`).join(' & ')
}
