/**
 * Caches a read per subject and shares one read among concurrent calls. A failed read is not cached.
 * @param freshMs how long a result is returned again after its read has ended
 */
export function cachedRead<Subject extends WeakKey, Result>(
  freshMs: number,
  read: (subject: Subject) => Promise<Result>,
): (subject: Subject) => Promise<Result> {
  const cached = cachedReadByKey({ freshMs, keysMax: 1 }, (subject: Subject) => read(subject))
  return (subject) => cached(subject, '')
}

interface CachedResult<Result> {
  result: Promise<Result>
  freshUntil: number
}

/**
 * Caches a read per subject and key, as `cachedRead` does per subject.
 * @param limits `keysMax`: how many keys of a subject are cached; one more replaces the key that was read longest ago
 */
export function cachedReadByKey<Subject extends WeakKey, Result>(
  { freshMs, keysMax }: { freshMs: number; keysMax: number },
  read: (subject: Subject, key: string) => Promise<Result>,
): (subject: Subject, key: string) => Promise<Result> {
  const caches = new WeakMap<Subject, Map<string, CachedResult<Result>>>()
  return (subject, key) => {
    const cache = caches.get(subject) ?? new Map<string, CachedResult<Result>>()
    caches.set(subject, cache)
    const cached = cache.get(key)
    if (cached && performance.now() < cached.freshUntil) return cached.result
    const entry = { result: read(subject, key), freshUntil: Infinity }
    replaceOldest(cache, key, entry, keysMax)
    entry.result.then(
      () => void (entry.freshUntil = performance.now() + freshMs),
      () => void (cache.get(key) === entry && cache.delete(key)),
    )
    return entry.result
  }
}

function replaceOldest<Entry>(cache: Map<string, Entry>, key: string, entry: Entry, keysMax: number): void {
  cache.delete(key)
  const [oldest] = cache.keys()
  if (oldest !== undefined && cache.size >= keysMax) cache.delete(oldest)
  cache.set(key, entry)
}

/** The result of `work`, or null if it fails or takes longer than `waitMs`. */
export async function resultWithin<T>(waitMs: number, work: Promise<T>): Promise<T | null> {
  const { promise: timeout, resolve } = Promise.withResolvers<null>()
  const timer = setTimeout(() => resolve(null), waitMs)
  const result = await Promise.race([work.catch(() => null), timeout])
  clearTimeout(timer)
  return result
}
