/**
 * No letter or emoji in use is longer than this many UTF-16 units. What is longer is a stack of combining marks, which
 * is cut between code points, as a whole it could swallow the text.
 */
const clusterLengthMax = 32

const clusters = new Intl.Segmenter('und', { granularity: 'grapheme' })

export interface ClipOptions {
  /** Put at the end of a text that was cut; counts towards the length. */
  mark?: string
  /** Applied to every character before it is counted; must treat each character alone and never shorten it. */
  escape?: (text: string) => string
}

/**
 * A well-formed text of at most `max` UTF-16 units. Cuts between the characters a reader sees, so that neither an emoji
 * nor an escape is torn; lone surrogates become U+FFFD.
 * @param max at least the length of the mark
 */
export function clipText(
  text: string,
  max: number,
  { mark = '', escape = unchanged }: ClipOptions = {},
): string {
  const whole = text.toWellFormed()
  if (whole.length <= max) {
    const escaped = escape(whole)
    if (escaped.length <= max) return escaped
  }
  return head(whole, max - mark.length, escape) + mark
}

function head(text: string, room: number, escape: (text: string) => string): string {
  let kept = ''
  for (const piece of piecesOf(text.slice(0, room + clusterLengthMax))) {
    const next = escape(piece)
    if (kept.length + next.length > room) break
    kept += next
  }
  return kept
}

function* piecesOf(text: string): Generator<string> {
  for (const { segment } of clusters.segment(text)) {
    if (segment.length <= clusterLengthMax) yield segment
    else yield* segment
  }
}

function unchanged(text: string): string {
  return text
}
