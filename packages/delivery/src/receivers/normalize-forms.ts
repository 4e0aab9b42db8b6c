/** A text without escapes, and where each of its characters begins in the original. */
export interface NormalizedText {
  text: string
  /** The index in the original of the character at `index`; its length for the index after the last one. */
  originOf: (index: number) => number
}

/** A path may be encoded in a URL, which is encoded in another one or in JSON, which is shown in HTML. */
const roundsMax = 4

const escapes = new RegExp(
  [
    /%(?<percent>[\da-f]{2})/,
    /\\u(?<unicode>[\da-f]{4})/,
    /\\x(?<hex>[\da-f]{2})/,
    /\\(?<plain>[^ux])/,
    /&#x(?<hexEntity>[\da-f]{1,5});/,
    /&#(?<decimalEntity>\d{1,6});/,
    /&(?<entity>amp|lt|gt|quot|apos|sol|colon|equals|quest|plus|lowbar|hyphen|period);/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'gis',
)

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  sol: '/',
  colon: ':',
  equals: '=',
  quest: '?',
  plus: '+',
  lowbar: '_',
  hyphen: '-',
  period: '.',
}

/**
 * A text in the form in which secrets are compared: percent-encoding, the escapes of JSON and JavaScript and HTML's
 * entities decoded, also inside each other, ASCII in lower case, and "+" as a space, as forms encode it.
 */
export function normalizeForms(text: string): NormalizedText {
  let current = text
  let origins: readonly number[] | null = null
  for (let round = 0; round < roundsMax; round += 1) {
    const decoded = decodeOnce(current)
    if (decoded === null) break
    const before: readonly number[] | null = origins
    origins = before === null ? decoded.origins : decoded.origins.map((at) => before[at] ?? text.length)
    current = decoded.text
  }
  const found = origins
  return {
    text: current.replaceAll('+', ' ').replace(/[A-Z]+/g, (letters) => letters.toLowerCase()),
    originOf: (index) => (found === null ? index : (found[index] ?? text.length)),
  }
}

/** Null for a text without escapes. */
function decodeOnce(text: string): { text: string; origins: number[] } | null {
  let decoded = ''
  let end = 0
  const origins: number[] = []
  const take = (piece: string, at: number, step: 0 | 1): void => {
    for (let index = 0; index < piece.length; index += 1) origins.push(at + index * step)
    decoded += piece
  }
  for (const match of text.matchAll(escapes)) {
    take(text.slice(end, match.index), end, 1)
    take(characterOf(match.groups ?? {}), match.index, 0)
    end = match.index + match[0].length
  }
  if (end === 0) return null
  take(text.slice(end), end, 1)
  origins.push(text.length)
  return { text: decoded, origins }
}

const unicodeMax = 0x10ffff

function characterOf(groups: Readonly<Record<string, string | undefined>>): string {
  const { percent, unicode, hex, plain, hexEntity, decimalEntity, entity } = groups
  if (plain !== undefined) return plain
  if (entity !== undefined) return entities[entity.toLowerCase()] ?? ''
  const hexadecimal = percent ?? unicode ?? hex ?? hexEntity
  const code = hexadecimal === undefined ? Number(decimalEntity) : Number.parseInt(hexadecimal, 16)
  return code <= unicodeMax ? String.fromCodePoint(code) : ''
}
