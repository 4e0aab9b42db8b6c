import { createHash } from 'node:crypto'
import { callerNetwork } from '@ghostpost/delivery/receivers'
import { openCallLimits, type CallLimits } from '@ghostpost/infrastructure/call-limits'
import type { Resources } from '@ghostpost/infrastructure/process'
import type { FastifyRequest } from 'fastify'
import { ApiError } from './api-error.ts'
import { credentialOf } from './credential.ts'

const minuteSeconds = 60
const signInWindowSeconds = 15 * minuteSeconds

type LimitName = 'address' | 'session' | 'key' | 'sign-in'

export interface CallerLimits {
  /** Counts every call except probes, per caller address. Throws `rate_limited`, as do the other two. */
  byAddress: (request: FastifyRequest) => Promise<void>
  /** Counts the calls of one session, or of one API key, from all its addresses. */
  byCredential: (request: FastifyRequest) => Promise<void>
  /** Counts sign-in attempts per caller address. Counted per account, anyone could lock others out. */
  bySignIn: (request: FastifyRequest) => Promise<void>
  close: () => void
}

/** Opens the limits on callers, which all API processes count together. */
export function openCallerLimits({ settings, log }: Resources): CallerLimits {
  const limits = openCallLimits<LimitName>({
    url: settings.QUEUE_URL,
    prefix: settings.GHOSTPOST_QUEUE_PREFIX,
    shards: settings.GHOSTPOST_QUEUE_SHARDS,
    log,
    limits: {
      address: { max: settings.GHOSTPOST_RATE_LIMIT_IP, windowSeconds: minuteSeconds },
      session: { max: settings.GHOSTPOST_RATE_LIMIT_SESSION, windowSeconds: minuteSeconds },
      key: { max: settings.GHOSTPOST_RATE_LIMIT_KEY, windowSeconds: minuteSeconds },
      'sign-in': { max: settings.GHOSTPOST_SIGN_IN_MAX, windowSeconds: signInWindowSeconds },
    },
  })
  return {
    byAddress: (request) => checkLimit(limits, 'address', callerNetwork(request.ip)),
    byCredential: (request) => {
      const { kind, token } = credentialOf(request)
      return checkLimit(limits, kind, digestOf(token))
    },
    bySignIn: (request) => checkLimit(limits, 'sign-in', callerNetwork(request.ip)),
    close: limits.close,
  }
}

async function checkLimit(limits: CallLimits<LimitName>, name: LimitName, key: string): Promise<void> {
  const waitMs = await limits.take(name, key)
  if (waitMs === null) return
  const seconds = Math.max(Math.ceil(waitMs / 1_000), 1)
  throw new ApiError('rate_limited', `Too many calls. Wait ${seconds} s.`, [], seconds)
}

/** Redis must not see the token itself. */
function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}
