import type { PasswordRefusal } from '@ghostpost/infrastructure/accounts'
import { ApiError } from '../../server/api-error.ts'

/** The error for a password that was not looked at. */
export function passwordCheckRefused({ kind, retryAfterSeconds }: PasswordRefusal): ApiError {
  if (kind === 'busy')
    return new ApiError('overloaded', 'Too many sign-ins wait for their turn.', [], retryAfterSeconds)
  const message = `Too many wrong passwords for this account from your network. Wait ${retryAfterSeconds} s.`
  return new ApiError('rate_limited', message, [], retryAfterSeconds)
}
