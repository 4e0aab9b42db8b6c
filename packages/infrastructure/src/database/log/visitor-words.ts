/** The words by which a search finds a visitor. */

/** SQL of the words of a text, as a `tsvector`. */
export function wordsSql(text: string): string {
  return `to_tsvector('simple'::regconfig, translate(${text}, '@._-+/', '      '))`
}

/** The expression of the index `visitors_words_idx`; `v` is the table. A test compares the two. */
export const visitorWordsSql = wordsSql(
  [
    `coalesce(v.name, '')`,
    `coalesce(v.company, '')`,
    `coalesce(v.identified_user_id, '')`,
    'v.ghost_vid',
  ].join(` || ' ' || `),
)

/** Turns a search text into a `tsquery` of word prefixes; null when the text contains no word. */
export function wordSearchQuery(text: string): string | null {
  const words = text.match(/[\p{L}\p{M}\p{N}]+/gu)
  return words && words.map((word) => `${word}:*`).join(' & ')
}
