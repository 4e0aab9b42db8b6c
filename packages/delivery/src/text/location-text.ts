import type { VisitorProfile } from '../visitors/visitor-profile.ts'
import { lineOf } from './text-line.ts'

/** What people read where the contract's JSON says null. */
export const unknownText = 'Unknown'

/** "Austin, United States", with what is not known as "Unknown". `show` makes one part safe for the destination. */
export function locationText(
  { city, country }: Pick<VisitorProfile, 'city' | 'country'>,
  escapePart: (part: string) => string,
): string {
  const parts = [lineOf(city), lineOf(country)]
  if (parts.every((part) => part === null)) return unknownText
  return parts.map((part) => (part === null ? unknownText : escapePart(part))).join(', ')
}
