import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { BuildOptions } from '../../src/destinations/destination.ts'
import { webhookTypes, type WebhookType } from '../../src/destinations/registry.ts'
import { destinationOf } from '../../src/destinations/registry.ts'
import type { VisitorProfile } from '../../src/visitors/visitor-profile.ts'
import { documentedOptions } from '../visitors/visitor-factory.ts'
import { blockKitProblems, activeSlackMarkup } from './slack/block-kit-rules.ts'
import { embedProblems, activeDiscordMarkup } from './discord/embed-rules.ts'
import { hostileFragments, hostileVisitor, visitorOf } from './hostile-text.ts'

const leadUrl = new URL('https://ghost.my.salesforce.com/services/data/v66.0/sobjects/Lead')
/** The largest acceptable payload, whatever a tracker stored. */
const payloadBytesMax = 2_500_000

function build(type: WebhookType, visitor: VisitorProfile, options: Partial<BuildOptions> = {}): unknown {
  return destinationOf(type).buildBody(visitor, documentedOptions({ receiverUrl: leadUrl, ...options }))
}

/** Every text and every key of a payload with its path. */
function* textsIn(value: unknown, path = ''): Generator<[path: string, text: string]> {
  if (typeof value === 'string') yield [path, value]
  if (typeof value !== 'object' || value === null) return
  for (const [key, item] of Object.entries(value)) {
    yield [`${path} key`, key]
    yield* textsIn(item, `${path}/${key}`)
  }
}

function problemsOf(type: WebhookType, body: unknown): string[] {
  const texts = [...textsIn(body)]
  const problems = texts.filter(([, text]) => !text.isWellFormed()).map(([path]) => `ill-formed at ${path}`)
  if (Buffer.byteLength(JSON.stringify(body)) > payloadBytesMax) problems.push('too many bytes')
  return [...problems, ...rulesOf[type](body, texts)]
}

type Rules = (body: unknown, texts: readonly (readonly [string, string])[]) => string[]

const rulesOf: Readonly<Record<WebhookType, Rules>> = {
  custom: () => [],
  hubspot: (body) => {
    const { properties } = body as { properties: Record<string, unknown> }
    const wrong = Object.entries(properties).filter(
      ([, value]) => typeof value !== 'string' || value.length > 65_536,
    )
    return wrong.map(([name]) => `no text or too long: ${name}`)
  },
  salesforce: (body) => {
    const lengths = { LastName: 80, Company: 255, City: 40, Country: 80, Email: 80 }
    const values = body as Record<string, string | null>
    const tooLong = Object.entries(lengths).filter(([key, max]) => (values[key]?.length ?? 0) > max)
    const missing = ['LastName', 'Company'].filter((key) => !values[key]?.trim())
    return [...tooLong.map(([key]) => `too long: ${key}`), ...missing.map((key) => `missing: ${key}`)]
  },
  slack: (body, texts) => {
    const visitorTexts = texts
      .filter(([path]) => /\/fields\/\d+\/text$|^\/text$/.test(path))
      .map(([, text]) => text.replace(/^\*[^:]+:\*\n|^New Lead from GHOST: /, ''))
    return [...blockKitProblems(body), ...visitorTexts.flatMap(activeSlackMarkup)]
  },
  discord: (body, texts) => {
    const shown = texts.filter(([path]) => path.endsWith('/value')).map(([, text]) => text)
    return [...embedProblems(body), ...shown.flatMap(activeDiscordMarkup)]
  },
}

describe.each(webhookTypes)('the payload for %s', (type) => {
  test('keeps the limits, is well-formed and has no active markup for any visitor', () => {
    fc.assert(
      fc.property(hostileVisitor(), fc.boolean(), fc.boolean(), (visitor, includeJourney, includeEvents) => {
        expect(problemsOf(type, build(type, visitor, { includeJourney, includeEvents }))).toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  test.each(hostileFragments)('is valid with %j in every field', (fragment) => {
    expect(problemsOf(type, build(type, visitorOf(fragment)))).toEqual([])
    expect(problemsOf(type, build(type, visitorOf(`gv_${fragment} x ${fragment}`)))).toEqual([])
    const longText = fragment.repeat(Math.ceil(9_000 / fragment.length))
    expect(problemsOf(type, build(type, visitorOf(longText)))).toEqual([])
  })

  test.each(['a', '😀', '_', '&<>', '@everyone ', '\u0301', '\ud800', ' \n', 'https://evil.example/'])(
    'is valid with a megabyte of %j in every text',
    (piece) => {
      const visitor = visitorOf(piece.repeat(Math.ceil(1_000_000 / piece.length)))
      expect(problemsOf(type, build(type, visitor))).toEqual([])
    },
  )

  test('is the same for the same visitor', () => {
    fc.assert(
      fc.property(hostileVisitor(), (visitor) => {
        expect(JSON.stringify(build(type, visitor))).toBe(JSON.stringify(build(type, visitor)))
      }),
      { numRuns: 20 },
    )
  })

  test('has the same keys for a visitor with the id __proto__', () => {
    const plain = [...textsIn(build(type, visitorOf('gv_plain')))].filter(([path]) => path.endsWith(' key'))
    const hostile = [...textsIn(build(type, visitorOf('__proto__')))].filter(([path]) =>
      path.endsWith(' key'),
    )
    expect(hostile).toEqual(plain)
    expect(Object.getPrototypeOf(build(type, visitorOf('__proto__')))).toBe(Object.prototype)
  })
})
