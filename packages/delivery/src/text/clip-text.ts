/**
 * No letter or emoji in use is longer than this many UTF-16 units. What is longer is a pile of combining marks, which
 * is cut between code points; as a whole it could swallow the text.
 */
const clusterLengthMax = 32

const clusters = new Intl.Segmenter('und', { granularity: 'grapheme' })

const cutMark = '…'

/**
 * A well-formed text of at most `max` UTF-16 units. Cuts between the characters a reader sees, so that no emoji is torn;
 * lone surrogates become U+FFFD.
 */
export function clipText(text: string, max: number): string {
  const start = text.slice(0, max + clusterLengthMax).toWellFormed()
  return start.length <= max ? start : start.slice(0, cutBefore(start, max))
}

/**
 * The same for a text whose characters get longer by escaping: `max` counts what `escape` makes of them, no escape is
 * torn, and a text that was cut ends in "…".
 * @param escape must treat each character alone
 */
export function clipEscaped(text: string, max: number, escape: (text: string) => string): string {
  const start = clipText(text, max)
  const escaped = escape(start)
  if (start.length === text.length && escaped.length <= max) return escaped
  let kept = ''
  for (const piece of piecesOf(start)) {
    const next = escape(piece)
    if (kept.length + next.length > max - cutMark.length) break
    kept += next
  }
  return kept + cutMark
}

function cutBefore(text: string, max: number): number {
  const torn = clusters.segment(text).containing(max)
  if (torn === undefined) return max
  if (torn.segment.length <= clusterLengthMax) return torn.index
  return isLowSurrogate(text.charCodeAt(max)) ? max - 1 : max
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff
}

function* piecesOf(text: string): Generator<string> {
  for (const { segment } of clusters.segment(text)) {
    if (segment.length <= clusterLengthMax) yield segment
    else yield* segment
  }
}
