import type { VisitorProfile } from '../visitors/visitor-profile.ts'
import { clipText } from './clip-text.ts'

/** `lineOf` reads no more UTF-16 units of a text than this. */
const lineLengthMax = 8_192

const spaces = /[\p{Cc}\p{Z}]+/gu
/** Bidirectional controls could reorder the text of a message. */
const directionMarks = /\p{Bidi_Control}/gu
const visible = /[^\p{C}\p{Z}\p{M}\p{Default_Ignorable_Code_Point}\u2800]/u

/** A visitor's text as one line without control characters; null when no character is visible. */
export function lineOf(text: string | null): string | null {
  if (text === null) return null
  const line = clipText(text, lineLengthMax).replace(spaces, ' ').replace(directionMarks, '').trim()
  return visible.test(line) ? line : null
}

/** Shown to people where the contract's JSON has null. */
export const unknownText = 'Unknown'

/** "Austin, United States", with "Unknown" for an unknown part. `escapePart` makes one part safe for the destination. */
export function locationText(
  { city, country }: Pick<VisitorProfile, 'city' | 'country'>,
  escapePart: (part: string) => string,
): string {
  const parts = [lineOf(city), lineOf(country)]
  if (parts.every((part) => part === null)) return unknownText
  return parts.map((part) => (part === null ? unknownText : escapePart(part))).join(', ')
}
