import { setMaxListeners } from 'node:events'
import { openFairQueue, type FairQueueLimits } from '@ghostpost/delivery/sharing'
import { LookupNotStartedError, NameNotResolvedError } from './lookup-errors.ts'
import { NameCache, type LookupResult } from './name-cache.ts'
import { parseHosts } from './parse-hosts.ts'
import { queryNames } from './query-name.ts'
import { isHostName, namesToTry, parseSearchList } from './search-list.ts'
import { watchFile } from './watched-file.ts'

export interface NameResolverOptions {
  /** Limit for one look-up, in milliseconds, from its start. */
  lookupTimeoutMs: number
  /** The longest wait for the start of a look-up, in milliseconds; later nobody waits for it any more. */
  waitMaxMs: number
  /** Name servers as `address:port`; those of /etc/resolv.conf unless given. For tests, as the following. */
  nameServers?: readonly string[]
  hostsFile?: string
  resolverFile?: string
  lookupLimits?: FairQueueLimits
}

/** A look-up as one caller sees it. */
export interface Lookup {
  /** Rejects with a NameNotResolvedError or a LookupNotStartedError. */
  addresses: Promise<readonly string[]>
  /** Whether the look-up has run for longer than it waited for its start, so that its name is slow. */
  isSlow: () => boolean
}

export interface NameResolver {
  /** @param holder whose share of the look-ups it uses: a site */
  lookUp: (name: string, holder: string) => Lookup
  /** Cancels the running look-ups. */
  close: () => void
}

/**
 * Look-ups of one process. A holder uses at most a quarter of them; those that wait start in turns, one holder after
 * another. A look-up costs a socket and few kilobytes, so slow names of one holder leave room for its other names.
 */
const lookupLimits: FairQueueLimits = {
  concurrency: 1_024,
  perHolder: 256,
  waitingPerHolder: 512,
  waitingMax: 4_096,
}

const loopbackAddresses = ['127.0.0.1', '::1']

interface PendingLookup {
  startedAt: number | null
  result: Promise<LookupResult>
}

/**
 * Resolves host names: the hosts file, names under `localhost` (RFC 6761), then DNS with the search list of
 * resolv.conf. Callers of one name share one look-up. Results are cached as their TTL says, within 1 s to 60 s.
 */
export function openNameResolver(options: NameResolverOptions): NameResolver {
  const files = {
    hosts: watchFile(options.hostsFile ?? '/etc/hosts', parseHosts),
    search: watchFile(options.resolverFile ?? '/etc/resolv.conf', parseSearchList),
  }
  const closing = new AbortController()
  setMaxListeners(0, closing.signal)
  const query = async (name: string): Promise<LookupResult & { ttl?: number }> => {
    const withinMs = options.lookupTimeoutMs
    const servers = options.nameServers
    const names = namesToTry(name, await files.search())
    try {
      return await queryNames(names, { withinMs, ...(servers && { servers }) }, closing.signal)
    } catch (error) {
      return { code: (error as NodeJS.ErrnoException).code ?? 'UNKNOWN' }
    }
  }
  const lookUps = shareLookups(query, options)
  const resolve = async (name: string, holder: string, seen: Seen): Promise<readonly string[]> => {
    const bare = name.replace(/\.$/, '')
    const listed = (await files.hosts()).get(bare)
    if (listed) return listed
    if (bare === 'localhost' || bare.endsWith('.localhost')) return loopbackAddresses
    if (!isHostName(name)) throw new NameNotResolvedError('EBADNAME')
    const result = await lookUps(name, holder, seen)
    if ('code' in result) throw new NameNotResolvedError(result.code)
    return result.addresses
  }
  return {
    lookUp: (hostname, holder) => {
      const seen: Seen = { askedAt: performance.now(), lookup: null }
      return { addresses: resolve(hostname.toLowerCase(), holder, seen), isSlow: () => isSlow(seen) }
    },
    close: () => closing.abort(),
  }
}

interface Seen {
  askedAt: number
  lookup: PendingLookup | null
}

function isSlow({ askedAt, lookup }: Seen): boolean {
  if (lookup === null || lookup.startedAt === null) return false
  const ranMs = performance.now() - lookup.startedAt
  return ranMs >= Math.max(lookup.startedAt - askedAt, 0)
}

type Query = (name: string) => Promise<LookupResult & { ttl?: number }>

/** One look-up at a time for each name, a bounded number in all, and a cache. */
function shareLookups(
  query: Query,
  { waitMaxMs, lookupLimits: limits = lookupLimits }: NameResolverOptions,
): (name: string, holder: string, seen: Seen) => Promise<LookupResult> {
  const queue = openFairQueue(limits)
  const cache = new NameCache()
  /** Begun look-ups by name. Each holder shares them. */
  const running = new Map<string, PendingLookup>()
  /** Look-ups that wait for their turn, by holder and name: one holder does not wait for the turn of another. */
  const waiting = new Map<string, PendingLookup>()
  const start = async (name: string, pending: PendingLookup): Promise<LookupResult> => {
    pending.startedAt = performance.now()
    running.set(name, pending)
    try {
      const found = await query(name)
      cache.set(name, found, found.ttl)
      return found
    } finally {
      running.delete(name)
    }
  }
  const wait = async (name: string, holder: string, pending: PendingLookup): Promise<LookupResult> => {
    const askedAt = performance.now()
    const done = await queue.run(holder, async (): Promise<LookupResult | null> => {
      // Without a pause between the look at what runs and the start.
      const known = cache.get(name) ?? running.get(name)?.result
      if (known) return known
      return performance.now() - askedAt > waitMaxMs ? null : start(name, pending)
    })
    if (!done?.value) throw new LookupNotStartedError()
    return done.value
  }
  return async (name, holder, seen) => {
    const cached = cache.get(name)
    if (cached) return cached
    const key = `${holder} ${name}`
    const shared = running.get(name) ?? waiting.get(key)
    if (shared) {
      seen.lookup = shared
      return shared.result
    }
    const pending: PendingLookup = { startedAt: null, result: Promise.resolve({ code: '' }) }
    seen.lookup = pending
    waiting.set(key, pending)
    pending.result = wait(name, holder, pending).finally(() => waiting.delete(key))
    return pending.result
  }
}
