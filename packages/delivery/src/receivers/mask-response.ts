import { masked } from './mask-headers.ts'
import { normalizeForms, type NormalizedText } from './normalize-forms.ts'
import { base64Pieces, secretPieces, type RequestSecrets, type SecretPiece } from './secret-pieces.ts'

/** The parts of a response that repeat what the receiver got. */
interface MaskableResponse {
  headers: Readonly<Record<string, string>>
  body: string
  /** Bytes of the body that were read, including those that are not in `body`. */
  bodyBytes: number
  bodyEnd: string
}

/** Masks the secrets of one request in texts that a receiver sent. */
export interface SecretMask {
  /** @param isCut the text may end inside a secret */
  text: (text: string, isCut?: boolean) => string
  /** The response itself when it contains no secret. */
  response: <R extends MaskableResponse>(response: R) => R
}

/** A text without a longer run contains no base64 of a secret. */
const base64Run = /[\w+/-]{12}/
/** `webhook-signature`, when a receiver repeats the request's headers. */
const signature = /(v1a?,)[A-Za-z0-9+/]{40,}={0,2}/g
/** The end of a secret that a limit has cut off is recognised by at least this many characters. */
const cutMin = 4
/** An escape sequence of which a limit has cut off the end. */
const cutEscape = /(?:%[\da-f]?|\\[ux]?[\da-f]{0,3}|&#?[\da-z]{0,8})$/
/** A path like `/json` is also in these values, which describe the response. Only secrets of this length are masked. */
const descriptiveHeaders: ReadonlySet<string> = new Set([
  'content-type',
  'date',
  'content-length',
  'connection',
])
const descriptiveMin = 20

/**
 * Masks the path and the query of the receiver's URL, their parts, the values of custom headers and other secrets, in
 * any of the forms in which receivers repeat them: encoded for URLs, JSON or HTML, as base64, or cut off at the end.
 * Parts of fewer than six characters stay visible, except as the whole path or query.
 * @param shownAs what is written in the place of a secret
 */
export function openSecretMask(secrets: RequestSecrets, shownAs: string = masked): SecretMask {
  const plain = secretPieces(secrets)
  let encoded: readonly SecretPiece[] | null = null
  const piecesFor = (text: string): readonly SecretPiece[] => {
    if (!base64Run.test(text)) return plain
    encoded ??= base64Pieces(secrets)
    return [...plain, ...encoded]
  }
  const mask = (text: string, isCut = false): string => maskPieces(text, piecesFor(text), shownAs, isCut)
  const maskHeader = (name: string, value: string): string => {
    if (!descriptiveHeaders.has(name)) return mask(value)
    return maskPieces(
      value,
      plain.filter((piece) => piece.text.length >= descriptiveMin),
      shownAs,
      false,
    )
  }
  return {
    text: mask,
    response: (response) => {
      const { headers, body, bodyBytes, bodyEnd } = response
      const entries = Object.entries(headers)
      const shown = entries.map(([name, value]) => [mask(name), maskHeader(name, value)] as const)
      const shownBody = mask(body, bodyEnd !== 'complete' || body.length < bodyBytes)
      const isSame = shown.every(([name, value], at) => name === entries[at]?.[0] && value === entries[at][1])
      if (isSame && shownBody === body) return response
      return { ...response, headers: Object.fromEntries(shown), body: shownBody }
    },
  }
}

interface Range {
  from: number
  to: number
}

function maskPieces(text: string, pieces: readonly SecretPiece[], shownAs: string, isCut: boolean): string {
  if (text.length === 0) return text
  const normalized = normalizeForms(text)
  const ranges = pieces.flatMap((piece) => rangesOf(piece, normalized))
  const cut = isCut ? cutRange(pieces, normalized) : null
  const withoutSecrets = replaceRanges(text, cut ? [...ranges, cut] : ranges, shownAs)
  return withoutSecrets.replace(signature, `$1${masked}`)
}

function rangesOf({ text: piece, isShort }: SecretPiece, { text, originOf }: NormalizedText): Range[] {
  const ranges: Range[] = []
  for (let at = text.indexOf(piece); at !== -1; at = text.indexOf(piece, at + 1)) {
    if (isShort && !standsAlone(text, at, at + piece.length)) continue
    ranges.push({ from: originOf(at), to: originOf(at + piece.length) })
  }
  return ranges
}

/** Whether a short path is more than the end of a tag like `</a>` or the beginning of another word. */
function standsAlone(text: string, from: number, to: number): boolean {
  return text[from - 1] !== '<' && !/[\w-]/.test(text[to] ?? '')
}

/** The longest end of the text that is the beginning of a secret. */
function cutRange(pieces: readonly SecretPiece[], { text, originOf }: NormalizedText): Range | null {
  const whole = text.replace(cutEscape, '')
  let longest = 0
  for (const { text: piece } of pieces) {
    for (
      let length = Math.min(piece.length, whole.length);
      length >= Math.max(cutMin, longest + 1);
      length -= 1
    ) {
      if (piece[length - 1] !== whole.at(-1) || !whole.endsWith(piece.slice(0, length))) continue
      longest = length
      break
    }
  }
  return longest === 0 ? null : { from: originOf(whole.length - longest), to: originOf(text.length) }
}

function replaceRanges(text: string, ranges: readonly Range[], shownAs: string): string {
  let shown = ''
  let end = 0
  for (const { from, to } of ranges.toSorted((a, b) => a.from - b.from)) {
    if (to <= end) continue
    if (from > end || end === 0) shown += text.slice(end, from) + shownAs
    end = to
  }
  return shown + text.slice(end)
}
