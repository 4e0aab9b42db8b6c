import { decideAlert, type AlertRuleState } from '@ghostpost/delivery/alerts'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { now } from './alert-factory.ts'

const minute = 60_000
const cooldownMs = 30 * minute
const calm: AlertRuleState = { state: 'ok', notified: false, notifiedAt: null, notifiedSubjects: [] }

interface Evaluation {
  breached: boolean
  subjects?: readonly string[]
}

/** Looks once a minute; returns what was told at which minute, and where the rule stands at the end. */
function evaluateAll(found: readonly Evaluation[], from: AlertRuleState = calm) {
  let ruleState = from
  const notified: string[] = []
  for (const [index, { breached, subjects = [] }] of found.entries()) {
    const at = new Date(now.getTime() + index * minute)
    const decision = decideAlert(ruleState, { breached, subjects }, cooldownMs, at)
    ruleState = decision.ruleState
    if (decision.notify !== null) notified.push(`${decision.notify} at ${index}`)
  }
  return { told: notified, standing: ruleState }
}

const times = (count: number, breached: boolean): Evaluation[] =>
  Array.from({ length: count }, () => ({ breached }))

describe('a rule', () => {
  test('goes from ok to firing to resolved, and each is told once', () => {
    const { told: notified, standing: ruleState } = evaluateAll([
      ...times(3, false),
      ...times(100, true),
      ...times(5, false),
    ])
    expect(notified).toEqual(['firing at 3', 'resolved at 103'])
    expect(ruleState).toMatchObject({ state: 'resolved', told: false })
  })

  test('that never fired stays ok and says nothing', () => {
    expect(evaluateAll(times(50, false))).toEqual({ told: [], standing: calm })
  })

  test('that fires again after its cooldown is told again', () => {
    const { told: notified } = evaluateAll([...times(2, true), ...times(40, false), ...times(2, true)])
    expect(notified).toEqual(['firing at 0', 'resolved at 2', 'firing at 42'])
  })

  test('that fires again within its cooldown is told when that is over, if it still fires', () => {
    const { told: notified } = evaluateAll([
      ...times(2, true),
      ...times(3, false),
      ...times(60, true),
      ...times(1, false),
    ])
    expect(notified).toEqual(['firing at 0', 'resolved at 2', 'firing at 30', 'resolved at 65'])
  })

  test('that flaps within its cooldown is told once, and of an end nobody waits for nothing is said', () => {
    const flapping = Array.from({ length: 29 }, (_, index) => ({ breached: index % 2 === 0 }))
    const { told: notified, standing: ruleState } = evaluateAll(flapping)
    expect(notified).toEqual(['firing at 0', 'resolved at 1'])
    expect(ruleState).toMatchObject({ state: 'firing', told: false })
  })
})

describe('a rule that tells things apart', () => {
  const of = (...subjects: string[]): Evaluation => ({ breached: subjects.length > 0, subjects })

  test('tells once more when another has joined, after the cooldown', () => {
    const found = [of('a'), ...Array.from({ length: 39 }, () => of('a', 'b'))]
    expect(evaluateAll(found).told).toEqual(['firing at 0', 'firing at 30'])
  })

  test('says nothing when one of several is mended', () => {
    const found = [of('a', 'b'), ...Array.from({ length: 40 }, () => of('b'))]
    expect(evaluateAll(found)).toEqual({
      told: ['firing at 0'],
      standing: { state: 'firing', told: true, toldAt: now, toldOf: ['b'] },
    })
  })

  test('tells of one that was mended and is back', () => {
    const found = [of('a', 'b'), ...Array.from({ length: 40 }, () => of('b')), of('a', 'b')]
    expect(evaluateAll(found).told).toEqual(['firing at 0', 'firing at 41'])
  })
})

test('whatever happens, who is told of an end was told of its beginning, and no two beginnings are within the cooldown', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ breached: fc.boolean() }), { maxLength: 300 }), (found) => {
      const { told: notified } = evaluateAll(found)
      const minutes = notified
        .filter((one) => one.startsWith('firing'))
        .map((one) => Number(one.split(' ')[2]))
      minutes.slice(1).forEach((at, index) => expect(at - (minutes[index] ?? 0)).toBeGreaterThanOrEqual(30))
      notified.forEach((one, index) => expect(one.startsWith('firing')).toBe(index % 2 === 0))
    }),
  )
})
