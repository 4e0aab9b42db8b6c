/** Stands in no JSON text: control characters are escaped there (RFC 8259, section 7). */
const separator = '\u001f'

/** JSON texts as one parameter: nothing in them has to be searched for what to quote, as in an array. */
export const jsonTexts = {
  /** The parameter as an array of texts. */
  sql: (parameter: string): string => `string_to_array(${parameter}, U&'\\001F', '')`,
  /** @param texts null for none; not empty */
  value: (texts: readonly (string | null)[]): string => texts.map((text) => text ?? '').join(separator),
}
