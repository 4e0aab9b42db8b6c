/**
 * Asks at most once in so many milliseconds, however many want to know; all who ask meanwhile share the answer. An answer
 * that failed is not remembered.
 */
export function cachedRead<Subject extends WeakKey, Result>(
  freshMs: number,
  read: (subject: Subject) => Promise<Result>,
): (subject: Subject) => Promise<Result> {
  const cache = new WeakMap<Subject, { answer: Promise<Result>; until: number }>()
  return (subject) => {
    const cached = cache.get(subject)
    if (cached && cached.until > performance.now()) return cached.answer
    const result = read(subject)
    cache.set(subject, { answer: result, until: performance.now() + freshMs })
    result.catch(() => cache.delete(subject))
    return result
  }
}
