import { passingFaultOf, type PassingFault } from '@ghostpost/infrastructure/database/connection'
import { isQueueUnavailable } from '@ghostpost/infrastructure/queue'
import { ApiError } from './api-error.ts'

/** The message for each fault of the database, and when to try again. */
const faults: Readonly<Record<PassingFault, { message: string; retrySeconds: number }>> = {
  unavailable: { message: 'The database is unavailable. Try again.', retrySeconds: 5 },
  contended: {
    message: 'The database cancelled this request: it was locked, or it took too long. Try again.',
    retrySeconds: 5,
  },
  no_connection: {
    message: 'This API process is busy: none of its database connections became free. Try again.',
    retrySeconds: 2,
  },
}
const queueRetrySeconds = 5

/**
 * The error response for a fault that passes, so that the same request may succeed later: 503 with Retry-After, and the
 * component that failed. Null for every other error.
 */
export function passingErrorOf(error: unknown): ApiError | null {
  const fault = passingFaultOf(error)
  if (fault !== null)
    return new ApiError('unavailable', faults[fault].message, [], faults[fault].retrySeconds)
  if (!isQueueUnavailable(error)) return null
  return new ApiError('unavailable', 'The queue is unavailable. Try again.', [], queueRetrySeconds)
}
