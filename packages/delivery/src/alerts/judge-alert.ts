import type { AlertRule } from './alert-rule.ts'
import { growthOf, withSample } from './backlog-growth.ts'
import type { BacklogSample, Measurement } from './measurement.ts'

/** What a measurement means for a rule. */
export interface AlertEvaluation {
  /** The number that is compared with the limit; null when the measurement gives none. */
  value: number | null
  /** Whether the rule's condition holds. */
  breached: boolean
  /** Ids of the destinations for which the condition holds. Empty for kinds without subjects. */
  subjects: readonly string[]
  /** Samples for the next evaluation. */
  samples: readonly BacklogSample[]
}

/**
 * Judges a measurement.
 * @param samples those of the last evaluation
 */
export function judgeAlert(
  rule: AlertRule,
  measured: Measurement,
  samples: readonly BacklogSample[],
): AlertEvaluation {
  const none = { subjects: [], samples: [] }
  switch (measured.kind) {
    case 'failure_rate': {
      const { tried, failing } = measured
      const value = tried < (rule.minimumCount ?? 1) ? null : percentOf(failing, tried)
      return { ...none, value, breached: value !== null && value >= limitOf(rule) }
    }
    case 'dead_letters':
      return { ...none, value: measured.count, breached: measured.count >= limitOf(rule) }
    case 'destination_disabled': {
      const subjects = measured.destinations.map(({ id }) => id)
      return { ...none, value: subjects.length, breached: subjects.length > 0, subjects }
    }
    case 'queue_age': {
      const value = measured.oldestSeconds === null ? 0 : Math.floor(measured.oldestSeconds)
      return { ...none, value, breached: value > limitOf(rule) }
    }
    case 'not_draining': {
      const recentSamples = withSample(samples, measured, windowMsOf(rule))
      const value = growthOf(recentSamples, measured, windowMsOf(rule))
      return { ...none, value, breached: value !== null && value >= limitOf(rule), samples: recentSamples }
    }
  }
}

/** With one decimal, rounded down: 19.96 % does not reach 20 %. */
function percentOf(part: number, whole: number): number {
  return Math.floor((part / whole) * 1_000) / 10
}

/** Without a limit no value breaches it. */
function limitOf({ threshold }: AlertRule): number {
  return threshold ?? Number.POSITIVE_INFINITY
}

function windowMsOf({ windowSeconds }: AlertRule): number {
  return (windowSeconds ?? 0) * 1_000
}
