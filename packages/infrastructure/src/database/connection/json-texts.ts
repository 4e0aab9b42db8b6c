/** No JSON text contains this character: JSON escapes control characters (RFC 8259, section 7). */
const separator = '\u001f'

/** Sends JSON texts as one text parameter. pg would search every element of an array for characters to quote. */
export const jsonTexts = {
  /** SQL that splits the parameter into an array of texts. */
  sql: (parameter: string): string => `string_to_array(${parameter}, U&'\\001F', '')`,
  /** @param texts null for a missing text; no text is empty */
  value: (texts: readonly (string | null)[]): string => texts.map((text) => text ?? '').join(separator),
}
