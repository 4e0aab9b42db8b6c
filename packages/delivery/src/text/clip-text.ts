import type { VisitorProfile } from '../visitors/visitor-profile.ts'

/**
 * No letter or emoji in use has more UTF-16 units than this. A longer cluster is a pile of combining marks. It is cut
 * between code points, because as a whole it could fill the text.
 */
const clusterLengthMax = 32

const graphemeSegmenter = new Intl.Segmenter('und', { granularity: 'grapheme' })

const ellipsis = '…'

/**
 * Clips a text to at most `max` UTF-16 units. The cut never splits a character that a reader sees, such as an emoji.
 * Lone surrogates become U+FFFD.
 */
export function clipText(text: string, max: number): string {
  const head = text.slice(0, max + clusterLengthMax).toWellFormed()
  return head.length <= max ? head : head.slice(0, cutBefore(head, max))
}

/**
 * Escapes a text and clips the result to at most `max` UTF-16 units. The cut never splits an escape. A clipped text
 * ends in "…".
 * @param escape must escape each character independently of its neighbours
 */
export function clipEscaped(text: string, max: number, escape: (text: string) => string): string {
  const head = clipText(text, max)
  const escaped = escape(head)
  if (head.length === text.length && escaped.length <= max) return escaped
  let clipped = ''
  for (const piece of piecesOf(head)) {
    const next = escape(piece)
    if (clipped.length + next.length > max - ellipsis.length) break
    clipped += next
  }
  return clipped + ellipsis
}

function cutBefore(text: string, max: number): number {
  const cluster = graphemeSegmenter.segment(text).containing(max)
  if (cluster === undefined) return max
  if (cluster.segment.length <= clusterLengthMax) return cluster.index
  return isLowSurrogate(text.charCodeAt(max)) ? max - 1 : max
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff
}

function* piecesOf(text: string): Generator<string> {
  for (const { segment } of graphemeSegmenter.segment(text)) {
    if (segment.length <= clusterLengthMax) yield segment
    else yield* segment
  }
}

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

/** "Austin, United States", with "Unknown" for an unknown part. `escapePart` escapes one part for the destination. */
export function locationText(
  { city, country }: Pick<VisitorProfile, 'city' | 'country'>,
  escapePart: (part: string) => string,
): string {
  const parts = [lineOf(city), lineOf(country)]
  if (parts.every((part) => part === null)) return unknownText
  return parts.map((part) => (part === null ? unknownText : escapePart(part))).join(', ')
}
