/**
 * No letter or emoji in use is longer than this many UTF-16 units. What is longer is a pile of combining marks, which
 * is cut between code points; as a whole it could swallow the text.
 */
const clusterLengthMax = 32

const graphemeSegmenter = new Intl.Segmenter('und', { granularity: 'grapheme' })

const ellipsis = '…'

/**
 * A well-formed text of at most `max` UTF-16 units. Cuts between the characters a reader sees, so that no emoji is torn;
 * lone surrogates become U+FFFD.
 */
export function clipText(text: string, max: number): string {
  const head = text.slice(0, max + clusterLengthMax).toWellFormed()
  return head.length <= max ? head : head.slice(0, cutBefore(head, max))
}

/**
 * The same for a text whose characters get longer by escaping: `max` counts what `escape` makes of them, no escape is
 * torn, and a text that was cut ends in "…".
 * @param escape must treat each character alone
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
