import type { ErrorDetail } from '../contract/errors.ts'
import { traitsBytesMax, type VisitorBody } from '../contract/visitor-record.ts'

/** How far the clock of a feeder may be ahead. */
const aheadMaxMs = 5 * 60_000

/**
 * What is wrong with a visitor whose shape its schema has accepted: times, the size of `traits`, repeated ids. Empty if
 * the visitor may be stored.
 */
export function problemsOfVisitor(visitor: VisitorBody, nowMs: number): ErrorDetail[] {
  const { first_seen: firstSeen, last_seen: lastSeen, sessions = [], events = [] } = visitor
  return [
    ...timeProblem('last_seen', lastSeen, nowMs),
    ...(firstSeen === undefined
      ? []
      : spanProblem(['first_seen', 'last_seen'], [firstSeen, lastSeen], nowMs)),
    ...traitsProblem(visitor.traits),
    ...sessions.flatMap((one, index) => {
      const field = `sessions.${index}`
      const start = timeProblem(`${field}.started_at`, one.started_at, nowMs)
      if (one.ended_at === undefined || one.ended_at === null) return start
      const names = [`${field}.started_at`, `${field}.ended_at`] as const
      return [
        ...spanProblem(names, [one.started_at, one.ended_at], nowMs),
        ...timeProblem(names[1], one.ended_at, nowMs),
      ]
    }),
    ...events.flatMap((one, index) => timeProblem(`events.${index}.occurred_at`, one.occurred_at, nowMs)),
    ...repeated(
      'sessions',
      'session_id',
      sessions.map(({ session_id: id }) => id),
    ),
    ...repeated(
      'events',
      'event_id',
      events.map(({ event_id: id }) => id),
    ),
  ]
}

function timeProblem(field: string, text: string, nowMs: number): ErrorDetail[] {
  const ms = Date.parse(text)
  if (Number.isNaN(ms) || ms < 0) return [{ field, expected: 'a time since 1970' }]
  return ms > nowMs + aheadMaxMs ? [{ field, expected: 'a time that is not in the future' }] : []
}

function spanProblem(
  [from, to]: readonly [string, string],
  [start, end]: readonly [string, string],
  nowMs: number,
): ErrorDetail[] {
  const startProblem = timeProblem(from, start, nowMs)
  if (startProblem.length > 0) return startProblem
  return Date.parse(start) > Date.parse(end) ? [{ field: from, expected: `a time before ${to}` }] : []
}

function traitsProblem(traits: VisitorBody['traits']): ErrorDetail[] {
  if (traitsFit(traits)) return []
  return [{ field: 'traits', expected: `at most ${traitsBytesMax} bytes of JSON` }]
}

/** Whether the stored form of `traits` is within its bound. */
export function traitsFit(traits: VisitorBody['traits']): boolean {
  return jsonBytes(traits) <= traitsBytesMax
}

function repeated(list: string, name: string, ids: readonly string[]): ErrorDetail[] {
  return new Set(ids).size === ids.length ? [] : [{ field: list, expected: `each ${name} once` }]
}

/** The stored form of `traits`: JSON without white space. Text that is no Unicode could not be read back. */
export function traitsJson(traits: VisitorBody['traits']): string | null {
  if (!traits) return null
  return JSON.stringify(traits, (_key, value: unknown) =>
    typeof value === 'string' ? value.toWellFormed() : value,
  )
}

function jsonBytes(traits: VisitorBody['traits']): number {
  return new TextEncoder().encode(traitsJson(traits) ?? '').length
}
