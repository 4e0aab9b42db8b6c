import { clipText } from './clip-text.ts'

/** More of one visitor text is never looked at, whatever a tracker stored. */
const lineLengthMax = 8_192

const spaces = /[\p{Cc}\p{Z}]+/gu
/** They could make a message read differently from what it says. */
const directionMarks = /\p{Bidi_Control}/gu
const visible = /[^\p{C}\p{Z}\p{M}\p{Default_Ignorable_Code_Point}\u2800]/u

/** A visitor's text as one line without control characters; null when there is nothing in it to see. */
export function lineOf(text: string | null): string | null {
  if (text === null) return null
  const line = clipText(text, lineLengthMax).replace(spaces, ' ').replace(directionMarks, '').trim()
  return visible.test(line) ? line : null
}
