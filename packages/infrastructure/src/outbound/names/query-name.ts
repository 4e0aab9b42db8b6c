import { promises as dns, type RecordWithTtl } from 'node:dns'

/** The addresses of a name, and how long they may be used, in seconds. */
export interface Resolved {
  addresses: readonly string[]
  ttl: number
}

export interface QueryOptions {
  /** Name servers as `address:port`; those of the system unless given. */
  servers?: readonly string[]
  /** Limit for all names of one look-up together, in milliseconds. */
  withinMs: number
}

/** Once one address family is known, the other one is waited for at most this long. */
const otherFamilyMs = 500
const triesMax = 3
/** The code of a look-up that had no response in time. */
const timedOutCode = 'ETIMEOUT'
const noSuchName: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA'])

/**
 * Looks up the first of the names that has addresses, with c-ares: getaddrinfo would wait in two threads that all
 * look-ups share, and cannot be cancelled. The look-up has a resolver of its own, so that its end can cancel it.
 * @returns the addresses, IPv6 first (RFC 8305 §4)
 * @throws an error with a `code`; `ETIMEOUT` after `withinMs` or when `signal` aborts
 */
export async function queryNames(
  names: readonly string[],
  { servers, withinMs }: QueryOptions,
  signal: AbortSignal,
): Promise<Resolved> {
  const resolver = new dns.Resolver({ timeout: Math.ceil(withinMs / triesMax), tries: triesMax })
  if (servers) resolver.setServers(servers)
  const cancel = (): void => resolver.cancel()
  if (signal.aborted) throw withCode(timedOutCode)
  const timer = setTimeout(cancel, withinMs)
  signal.addEventListener('abort', cancel, { once: true })
  try {
    return await firstFound(resolver, names)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', cancel)
    resolver.cancel()
  }
}

async function firstFound(resolver: dns.Resolver, names: readonly string[]): Promise<Resolved> {
  let failure = 'ENOTFOUND'
  for (const name of names) {
    const found = await queryName(resolver, name)
    if (typeof found !== 'string') return found
    if (found === timedOutCode) throw withCode(found)
    // That a server fails says more than that another name does not exist.
    if (!noSuchName.has(found) || noSuchName.has(failure)) failure = found
  }
  throw withCode(failure)
}

/** The addresses of one name, or the code of the failure. */
async function queryName(resolver: dns.Resolver, name: string): Promise<Resolved | string> {
  const six = settled(resolver.resolve6(name, { ttl: true }))
  const four = settled(resolver.resolve4(name, { ttl: true }))
  const first = await Promise.race([six, four])
  const wait = Array.isArray(first) ? otherFamilyMs : Infinity
  const families = await Promise.all([six, four].map((family) => atMost(wait, family)))
  const records = families.flatMap((family) => (Array.isArray(family) ? family : []))
  if (records.length > 0)
    return {
      addresses: records.map(({ address }) => address),
      ttl: Math.min(...records.map(({ ttl }) => ttl)),
    }
  const codes = families.filter((family) => typeof family === 'string')
  return (
    codes.find((code) => !noSuchName.has(code)) ?? codes.find((code) => code === 'ENODATA') ?? 'ENOTFOUND'
  )
}

async function settled(records: Promise<RecordWithTtl[]>): Promise<RecordWithTtl[] | string> {
  try {
    return await records
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'UNKNOWN'
    return code === 'ECANCELLED' ? timedOutCode : code
  }
}

async function atMost<T>(ms: number, value: Promise<T>): Promise<T | string> {
  if (ms === Infinity) return value
  const { promise, resolve } = Promise.withResolvers<string>()
  const timer = setTimeout(() => resolve(timedOutCode), ms)
  try {
    return await Promise.race([value, promise])
  } finally {
    clearTimeout(timer)
  }
}

function withCode(code: string): Error {
  return Object.assign(new Error(`look-up failed: ${code}`), { code })
}
