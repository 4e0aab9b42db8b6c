/**
 * No letter or emoji in use has more UTF-16 units than this. A longer cluster is a pile of combining marks. It is cut
 * between code points, because as a whole it could fill the text.
 */
const clusterLengthMax = 32

const graphemeSegmenter = new Intl.Segmenter('und', { granularity: 'grapheme' })

const ellipsis = '…'

/**
 * Clips a text to at most `max` UTF-16 units. The cut never splits a character that a reader sees, such as an emoji. Lone
 * surrogates become U+FFFD.
 */
export function clipText(text: string, max: number): string {
  const head = text.slice(0, max + clusterLengthMax).toWellFormed()
  return head.length <= max ? head : head.slice(0, cutBefore(head, max))
}

/**
 * Escapes a text and clips the result to at most `max` UTF-16 units. The cut never splits an escape. A clipped text ends
 * in "…".
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
