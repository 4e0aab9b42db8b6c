/** A value of a field, and when it was said, in ms since 1970. */
export interface TimedValue {
  value: unknown
  atMs: number
}

/** The fields of a profile by name; the trait `plan` is `traits.plan`. */
export type TimedFields = ReadonlyMap<string, TimedValue>

/** What one or more messages say about a visitor. */
export interface SaidFields {
  firstSeenMs: number
  lastSeenMs: number
  fields: TimedFields
}

/**
 * Merges field by field: the value that was said last stays. Of two values of the same time always the same one stays,
 * so neither the order of the messages nor their repetition matters.
 * @param elseMs when the fields were said that `stored` does not have
 */
export function mergeFields(
  stored: TimedFields,
  said: TimedFields,
  elseMs = -Infinity,
): Map<string, TimedValue> {
  const merged = new Map(stored)
  for (const [name, next] of said) {
    const before = merged.get(name) ?? { value: null, atMs: elseMs }
    if (isLater(next, before)) merged.set(name, next)
  }
  return merged
}

function isLater(next: TimedValue, before: TimedValue): boolean {
  if (next.atMs !== before.atMs) return next.atMs > before.atMs
  return jsonOf(next.value) > jsonOf(before.value)
}

function jsonOf(value: unknown): string {
  return JSON.stringify(value) ?? 'null'
}

/** Merges what several messages say about one visitor. */
export function mergeSaid(one: SaidFields, other: SaidFields): SaidFields {
  return {
    firstSeenMs: Math.min(one.firstSeenMs, other.firstSeenMs),
    lastSeenMs: Math.max(one.lastSeenMs, other.lastSeenMs),
    fields: mergeFields(one.fields, other.fields),
  }
}
