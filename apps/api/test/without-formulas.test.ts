import { expect, test } from 'vitest'
import { withoutFormulas } from '../src/server/without-formulas.ts'

const signs = ['=', '+', '-', '@', '＝', '＋', '－', '＠']
const breaks = ['\n', '\r', '\r\n', '\t', ';', '\v', '\f', '\u0085', '\u2028', '\u2029']

test.each(signs)('no cell begins with %j, nor does anything after a break in it', (sign) => {
  expect(withoutFormulas(`${sign}1`)).toBe(`'${sign}1`)
  for (const one of breaks) expect(withoutFormulas(`bob${one}${sign}1`)).toBe(`bob${one}'${sign}1`)
})

test.each(['\t', '\r', '\n', '\r\n'])(
  'a cell that begins with %j, which a reader may skip, is text',
  (white) => {
    expect(withoutFormulas(`${white}x`)).toBe(`'${white}x`)
    expect(withoutFormulas(`${white}=x`)).toBe(`'${white}'=x`)
  },
)

test.each(['', 'bob', 'a=b', 'a-b', 'x@example.com', 'one\ntwo', '2026-01-01T00:00:00.000Z', "it's"])(
  '%j stays as it is',
  (text) => expect(withoutFormulas(text)).toBe(text),
)
