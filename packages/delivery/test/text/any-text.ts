import * as fc from 'fast-check'

const surrogateMin = 0xd800
const surrogateMax = 0xdfff

const codePoint = fc
  .oneof(fc.integer({ min: 0, max: surrogateMin - 1 }), fc.integer({ min: surrogateMax + 1, max: 0x10ffff }))
  .map((value) => String.fromCodePoint(value))

/**
 * Texts of any code points, without lone surrogates. `fc.string({ unit: 'binary' })` generates the same, but costs
 * every process two seconds of CPU.
 */
export function anyText(maxLength = 100): fc.Arbitrary<string> {
  return fc.string({ unit: codePoint, maxLength })
}

/** HTTP URLs with any path, query and fragment. `fc.webUrl()` costs every process three seconds of CPU. */
export function anyUrl(): fc.Arbitrary<string> {
  const host = fc.oneof(
    fc.domain(),
    fc.ipV4(),
    fc.ipV6().map((address) => `[${address}]`),
  )
  const part = fc.oneof(anyText(20).map(encodeURIComponent), anyText(20))
  const optional = (prefix: string) =>
    fc.option(
      part.map((text) => prefix + text),
      { nil: '' },
    )
  const port = fc.option(
    fc.integer({ min: 0, max: 65_535 }).map((number) => `:${number}`),
    { nil: '' },
  )
  const path = fc.array(part, { maxLength: 4 }).map((parts) => parts.map((text) => `/${text}`).join(''))
  return fc
    .tuple(fc.constantFrom('http://', 'https://', 'HTTPS://'), host, port, path, optional('?'), optional('#'))
    .map((pieces) => pieces.join(''))
}
