import { createHash } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { callerCustomer } from '@ghostpost/delivery/receivers'
import {
  openFairQueue,
  openFairSlots,
  type FairQueue,
  type FairQueueLimits,
} from '@ghostpost/delivery/sharing'
import { openAccountTries, type AccountTries } from './account-tries.ts'
import { hashPassword, isPasswordCorrect } from './password.ts'

/** Why a password was not looked at. */
export interface PasswordRefusal {
  /** `busy`: too many passwords wait to be checked. `slowed`: this network failed too often on this account. */
  kind: 'busy' | 'slowed'
  retryAfterSeconds: number
}

type PasswordVerdict = { kind: 'correct' } | { kind: 'wrong' } | PasswordRefusal

interface PasswordCheck {
  /** The e-mail address that was typed. */
  email: string
  password: string
  /** Null when no account has the address. The check then costs the same. */
  passwordHash: string | null
  /** The caller's address. */
  ip: string
}

/** Hashes passwords: few at once, and for one network after the other. */
export interface PasswordChecks {
  check: (check: PasswordCheck) => Promise<PasswordVerdict>
  /** Hashes a new password for storage. Null when too many passwords wait. */
  hash: (password: string, ip: string) => Promise<string | null>
  /** The number of passwords that are hashed now, and of those that wait. */
  load: () => { running: number; waiting: number }
}

export interface PasswordChecksOptions {
  limits?: FairQueueLimits
  tries?: AccountTries
}

/**
 * A hash occupies a processor, and one of the four threads of libuv, for some 40 ms. Half of the processors stay free
 * for other requests.
 */
const passwordLimits: FairQueueLimits = {
  concurrency: Math.max(1, Math.min(2, Math.floor(availableParallelism() / 2))),
  // As many as GHOSTPOST_SIGN_IN_MAX lets one address try at a time.
  waitingPerHolder: 20,
  waitingMax: 256,
}

const busy: PasswordRefusal = { kind: 'busy', retryAfterSeconds: 2 }
/** Most tries that wait for the delay of a guessed account. */
const delayedMax = 200

export function openPasswordChecks(options: PasswordChecksOptions = {}): PasswordChecks {
  const { limits = passwordLimits, tries = openAccountTries() } = options
  const turns = openTurns(limits)
  const delayed = openFairSlots(delayedMax)
  const delay = async (network: string, ms: number): Promise<boolean> => {
    const free = delayed.tryAcquire(network)
    if (free) await pause(ms).finally(free)
    return free !== null
  }
  return {
    check: async ({ email, password, passwordHash, ip }) => {
      const [account, network] = [accountOf(email), callerCustomer(ip)]
      const next = tries.next(account, network)
      if (next.kind === 'refuse') return slowed(next.retryAfterMs)
      if (next.kind === 'delay' && !(await delay(network, next.ms))) return busy
      const checked = await turns.run(network, () => isPasswordCorrect(passwordHash, password))
      if (!checked) return busy
      tries[checked.value ? 'succeed' : 'fail'](account, network)
      return { kind: checked.value ? 'correct' : 'wrong' }
    },
    hash: async (password, ip) =>
      (await turns.run(callerCustomer(ip), () => hashPassword(password)))?.value ?? null,
    load: () => ({ running: turns.running(), waiting: turns.waiting() }),
  }
}

/**
 * A fair queue whose waiting places are shared, too: a network that floods it leaves some to the others, and a first
 * password of a network is refused only when none is left.
 */
function openTurns(limits: FairQueueLimits): FairQueue {
  const queue = openFairQueue(limits)
  const places = openFairSlots(limits.concurrency + limits.waitingMax)
  return {
    running: () => queue.running(),
    waiting: () => queue.waiting(),
    run: async (network, work) => {
      const free = places.tryAcquire(network)
      return free && queue.run(network, work).finally(free)
    },
  }
}

function slowed(retryAfterMs: number): PasswordRefusal {
  return { kind: 'slowed', retryAfterSeconds: Math.max(1, Math.ceil(retryAfterMs / 1_000)) }
}

/** A digest has the same length for every address, so that what is typed cannot fill the memory. */
function accountOf(email: string): string {
  return createHash('sha256').update(email).digest('base64url')
}
