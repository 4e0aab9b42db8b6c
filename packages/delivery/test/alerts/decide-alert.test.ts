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

/** Evaluates once a minute. Returns the notifications with their minute, and the last state. */
function evaluateAll(found: readonly Evaluation[]) {
  let ruleState = calm
  const notified: string[] = []
  for (const [index, { breached, subjects = [] }] of found.entries()) {
    const at = new Date(now.getTime() + index * minute)
    const decision = decideAlert(ruleState, { breached, subjects }, cooldownMs, at)
    ruleState = decision.ruleState
    if (decision.notify !== null) notified.push(`${decision.notify} at ${index}`)
  }
  return { notified, ruleState }
}

const times = (count: number, breached: boolean): Evaluation[] =>
  Array.from({ length: count }, () => ({ breached }))

describe('a rule', () => {
  test('goes from ok to firing to resolved and notifies once of each', () => {
    const { notified, ruleState } = evaluateAll([...times(3, false), ...times(100, true), ...times(5, false)])
    expect(notified).toEqual(['firing at 3', 'resolved at 103'])
    expect(ruleState).toMatchObject({ state: 'resolved', notified: false })
  })

  test('that never fired stays ok and notifies nobody', () => {
    expect(evaluateAll(times(50, false))).toEqual({ notified: [], ruleState: calm })
  })

  test('that fires again after its cooldown notifies again', () => {
    const { notified } = evaluateAll([...times(2, true), ...times(40, false), ...times(2, true)])
    expect(notified).toEqual(['firing at 0', 'resolved at 2', 'firing at 42'])
  })

  test('that fires again within its cooldown notifies after it if it still fires', () => {
    const { notified } = evaluateAll([
      ...times(2, true),
      ...times(3, false),
      ...times(60, true),
      ...times(1, false),
    ])
    expect(notified).toEqual(['firing at 0', 'resolved at 2', 'firing at 30', 'resolved at 65'])
  })

  test('that flaps within its cooldown notifies once, and never of an end without a start', () => {
    const flapping = Array.from({ length: 29 }, (_, index) => ({ breached: index % 2 === 0 }))
    const { notified, ruleState } = evaluateAll(flapping)
    expect(notified).toEqual(['firing at 0', 'resolved at 1'])
    expect(ruleState).toMatchObject({ state: 'firing', notified: false })
  })
})

describe('a rule with subjects', () => {
  const of = (...subjects: string[]): Evaluation => ({ breached: subjects.length > 0, subjects })

  test('notifies once more of a new subject, after the cooldown', () => {
    const found = [of('a'), ...Array.from({ length: 39 }, () => of('a', 'b'))]
    expect(evaluateAll(found).notified).toEqual(['firing at 0', 'firing at 30'])
  })

  test('notifies nobody when one of several subjects recovers', () => {
    const found = [of('a', 'b'), ...Array.from({ length: 40 }, () => of('b'))]
    expect(evaluateAll(found)).toEqual({
      notified: ['firing at 0'],
      ruleState: { state: 'firing', notified: true, notifiedAt: now, notifiedSubjects: ['b'] },
    })
  })

  test('notifies of a subject that recovered and came back', () => {
    const found = [of('a', 'b'), ...Array.from({ length: 40 }, () => of('b')), of('a', 'b')]
    expect(evaluateAll(found).notified).toEqual(['firing at 0', 'firing at 41'])
  })
})

test('in any order of evaluations each end follows a start, and the cooldown separates the starts', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ breached: fc.boolean() }), { maxLength: 300 }), (found) => {
      const { notified } = evaluateAll(found)
      const minutes = notified
        .filter((one) => one.startsWith('firing'))
        .map((one) => Number(one.split(' ')[2]))
      minutes.slice(1).forEach((at, index) => expect(at - (minutes[index] ?? 0)).toBeGreaterThanOrEqual(30))
      notified.forEach((one, index) => expect(one.startsWith('firing')).toBe(index % 2 === 0))
    }),
  )
})
