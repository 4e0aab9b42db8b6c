/** What the next try to sign in to an account has to expect. */
type NextTry =
  | { kind: 'go' }
  /** The try may start after this wait. */
  | { kind: 'delay'; ms: number }
  /** This network has failed too often on this account. Other networks are not affected. */
  | { kind: 'refuse'; retryAfterMs: number }

/** Counts the failed tries on accounts in one process, and slows the next ones down. */
export interface AccountTries {
  next: (account: string, network: string) => NextTry
  fail: (account: string, network: string) => void
  /** The network knows the password, so its failures do not count any more. */
  succeed: (account: string, network: string) => void
}

const second = 1_000
const windowMs = 15 * 60 * second
/** A person who mistypes the password is not slowed down. */
const freeTriesOfNetwork = 5
const waitOfNetworkMaxMs = 5 * 60 * second
const freeTriesOfAccount = 10
/** The delay of every network's tries while an account is guessed. Short, because its owner waits as well. */
const delayMs = second
/** Most accounts, and most pairs of an account and a network, with a count. Each costs an attacker a hash. */
const keysMax = 50_000

interface Failures {
  count: number
  lastAt: number
  endsAt: number
}

/**
 * Ten failures on one account within 15 minutes delay each further try by a second, from wherever it comes. After five
 * failures of one network on one account, that network has to wait: 1 s, 2 s, 4 s, … up to 5 minutes. An account is
 * never locked, so nobody can lock its owner out.
 * @param now a monotonic clock, in milliseconds
 */
export function openAccountTries(now: () => number = () => performance.now()): AccountTries {
  const byAccount = openFailures(now)
  const byPair = openFailures(now)
  return {
    next: (account, network) => {
      const pair = byPair.read(pairOf(account, network))
      const waitMs = pair ? pair.lastAt + waitOfNetworkMs(pair.count) - now() : 0
      if (waitMs > 0) return { kind: 'refuse', retryAfterMs: waitMs }
      const failed = byAccount.read(account)?.count ?? 0
      return failed < freeTriesOfAccount ? { kind: 'go' } : { kind: 'delay', ms: delayMs }
    },
    fail: (account, network) => {
      byAccount.add(account)
      byPair.add(pairOf(account, network))
    },
    succeed: (account, network) => byPair.remove(pairOf(account, network)),
  }
}

function pairOf(account: string, network: string): string {
  return `${account} ${network}`
}

function waitOfNetworkMs(failures: number): number {
  if (failures < freeTriesOfNetwork) return 0
  return Math.min(second * 2 ** (failures - freeTriesOfNetwork), waitOfNetworkMaxMs)
}

interface FailureCounts {
  read: (key: string) => Failures | null
  add: (key: string) => void
  remove: (key: string) => void
}

function openFailures(now: () => number): FailureCounts {
  // In the order in which the windows began.
  const failures = new Map<string, Failures>()
  const read = (key: string): Failures | null => {
    const known = failures.get(key)
    return known && known.endsAt > now() ? known : null
  }
  return {
    read,
    add: (key) => {
      const known = read(key)
      const count = (known?.count ?? 0) + 1
      if (!known) failures.delete(key)
      failures.set(key, { count, lastAt: now(), endsAt: known?.endsAt ?? now() + windowMs })
      const [oldest] = failures.keys()
      if (failures.size > keysMax && oldest !== undefined) failures.delete(oldest)
    },
    remove: (key) => void failures.delete(key),
  }
}
