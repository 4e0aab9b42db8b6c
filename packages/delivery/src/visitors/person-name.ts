import { lineOf } from '../text/clip-text.ts'

export interface PersonName {
  /** Null for a name of one word. */
  first: string | null
  last: string
}

/** Words that begin a last name of several words. */
const particles: ReadonlySet<string> = new Set(
  'af al av bin da das de del della den der di do dos du el ibn la le ten ter van vom von zu zum zur'.split(
    ' ',
  ),
)

/**
 * Splits a full name: the last word is the last name, with the particles before it. Before a comma stands the last
 * name.
 * Null when no character is visible.
 */
export function personNameOf(name: string | null): PersonName | null {
  const line = lineOf(name)
  if (line === null) return null
  const [beforeComma = '', ...afterComma] = line.split(/\s*,\s*/)
  const others = afterComma.join(' ').trim()
  if (beforeComma !== '' && others !== '') return { first: others, last: beforeComma }
  return splitWords(line.replace(/[\s,]+$/, '').replace(/^[\s,]+/, '') || line)
}

function splitWords(line: string): PersonName {
  // A remark in brackets belongs to the last name.
  const bracket = line.search(/\s\(/)
  const words = (bracket > 0 ? line.slice(0, bracket) : line).split(/\s+/)
  const remark = bracket > 0 ? line.slice(bracket) : ''
  let start = words.length - 1
  while (start > 1 && particles.has(words[start - 1] ?? '')) start -= 1
  const first = words.slice(0, start).join(' ')
  return { first: first === '' ? null : first, last: words.slice(start).join(' ') + remark }
}
