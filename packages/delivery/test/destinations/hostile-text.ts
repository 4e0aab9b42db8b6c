import * as fc from 'fast-check'
import { sampleVisitor, type VisitorProfile } from '../../src/visitors/visitor-profile.ts'

/** Hostile texts in page addresses, referrers, cities and names. */
export const hostileFragments: readonly string[] = [
  '@everyone',
  '@here',
  '@channel',
  '<@123456789012345678>',
  '<@!1>',
  '<@&2>',
  '<#3>',
  '</cmd:4>',
  '<t:1700000000:R>',
  '<:emoji:5>',
  '<!channel>',
  '<!here|here>',
  '<!subteam^S1>',
  '<!date^1^{date}|x>',
  '<https://evil.example|click>',
  '<mailto:a@evil.example|mail>',
  '[click](https://evil.example)',
  '[a](<https://evil.example>)',
  'https://evil.example/?a=b&c=d#e',
  'HTTP://EVIL.EXAMPLE',
  'www.evil.example',
  'evil.example',
  'mailto:a@evil.example',
  'javascript:alert(1)',
  ':skull:',
  '#general',
  '**bold** __under__ ~~gone~~ ||spoiler|| `code` ```block```',
  '> quote\n>>> more\n# heading\n- item\n1. item',
  '&amp;&lt;!channel&gt;',
  '&',
  '<',
  '>',
  '\\',
  '\\\\<@1>',
  '\u202eexe.gpj\u202c',
  '\u2066x\u2069\u200f\u061c',
  'שלום مرحبا',
  '\ud800',
  '\udc00',
  '\udc00\ud800',
  '\u0000\u0001\u0007\u001b[31m\u007f\u0085',
  '\r\n\t\v\f\u2028\u2029',
  ' ',
  '\u00a0\u2003\u3000',
  '\u200b',
  '\u3164\u2800\u00ad',
  '👩‍👩‍👧‍👦',
  '🇦🇹',
  'e\u0301',
  'Z\u0351\u036b\u0343\u036a',
  '\u0301',
  '\ufeff\ufffe\uffff',
  '__proto__',
  'constructor',
  '"\'`${x}{{y}}',
  '%00%2e%2e/../..',
  'jane@example.com',
]

/**
 * Any text: fragments, any code units (also lone surrogates), graphemes, and pieces repeated up to 1,500 times.
 */
export function hostileText(): fc.Arbitrary<string> {
  const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code))
  const piece = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...hostileFragments) },
    { weight: 1, arbitrary: fc.string({ unit, maxLength: 20 }) },
    { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }) },
  )
  const repeated = fc
    .tuple(piece, fc.constantFrom(1, 1, 1, 1, 7, 100, 1_500))
    .map(([text, times]) => text.repeat(times))
  return fc.array(repeated, { maxLength: 6 }).map((pieces) => pieces.join(''))
}

const maybeText = () => fc.option(hostileText(), { nil: null })
const time = () => fc.date({ noInvalidDate: false })
const count = () => fc.integer({ min: 0, max: 2_147_483_647 })

/** A visitor with hostile text in every text field. */
export function hostileVisitor(): fc.Arbitrary<VisitorProfile> {
  const session = fc.record({
    sessionId: hostileText(),
    startedAt: time(),
    endedAt: fc.option(time(), { nil: null }),
    pageviewCount: count(),
    entryPage: maybeText(),
    exitPage: maybeText(),
    referrer: maybeText(),
  })
  const event = fc.record({ type: hostileText(), page: maybeText(), timestamp: time() })
  const fields = Object.entries(sampleVisitor).map(([field, value]) => {
    if (field === 'ghostVid') return [field, hostileText()]
    if (typeof value === 'string') return [field, maybeText()]
    return [field, typeof value === 'number' ? count() : time()]
  })
  return fc.record({
    ...(Object.fromEntries(fields) as FieldArbitraries),
    journey: fc.array(session, { maxLength: 12 }),
    recentEvents: fc.array(event, { maxLength: 22 }),
  })
}

type FieldArbitraries = { [Field in keyof VisitorProfile]: fc.Arbitrary<VisitorProfile[Field]> }

/** A visitor with the same text in every text field. */
export function visitorOf(text: string): VisitorProfile {
  const at = new Date('2026-11-23T12:00:00.000Z')
  const pages = { entryPage: text, exitPage: text, referrer: text }
  const texts = Object.entries(sampleVisitor).flatMap(([field, value]) =>
    typeof value === 'string' ? [[field, text]] : [],
  )
  return {
    ...sampleVisitor,
    ...(Object.fromEntries(texts) as Partial<VisitorProfile>),
    journey: Array.from({ length: 10 }, () => ({
      sessionId: text,
      startedAt: at,
      endedAt: null,
      pageviewCount: 1,
      ...pages,
    })),
    recentEvents: Array.from({ length: 20 }, () => ({ type: text, page: text, timestamp: at })),
  }
}
