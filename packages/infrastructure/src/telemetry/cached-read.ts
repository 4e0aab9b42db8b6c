/**
 * Caches a read per subject and shares one read among concurrent calls. A failed read is not cached.
 * @param freshMs how long a result is returned again after its read has ended
 */
export function cachedRead<Subject extends WeakKey, Result>(
  freshMs: number,
  read: (subject: Subject) => Promise<Result>,
): (subject: Subject) => Promise<Result> {
  const cache = new WeakMap<Subject, { result: Promise<Result>; freshUntil: number }>()
  return (subject) => {
    const cached = cache.get(subject)
    if (cached && performance.now() < cached.freshUntil) return cached.result
    const entry = { result: read(subject), freshUntil: Infinity }
    cache.set(subject, entry)
    entry.result.then(
      () => void (entry.freshUntil = performance.now() + freshMs),
      () => cache.delete(subject),
    )
    return entry.result
  }
}

/** The result of `work`, or null if it fails or takes longer than `waitMs`. */
export async function resultWithin<T>(waitMs: number, work: Promise<T>): Promise<T | null> {
  const { promise: timeout, resolve } = Promise.withResolvers<null>()
  const timer = setTimeout(() => resolve(null), waitMs)
  const result = await Promise.race([work.catch(() => null), timeout])
  clearTimeout(timer)
  return result
}
