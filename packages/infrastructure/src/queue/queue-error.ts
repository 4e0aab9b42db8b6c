/** Messages of ioredis for commands that got no response. */
const unansweredMessage =
  /^(connection is closed|command timed out|stream isn't writeable|socket timeout|reached the max retries)/i
/**
 * The first word of Redis's errors that pass or that an operator repairs:
 * https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors
 */
const refusal =
  /^(LOADING|READONLY|OOM|MISCONF|BUSY|CLUSTERDOWN|MASTERDOWN|TRYAGAIN|NOREPLICAS|NOAUTH|WRONGPASS|NOPERM)\b/
const causesMax = 4

/** NOPERM for a command of a script, too. Postgres: 42501 (no privilege) and class 28 (login). */
const forbiddenMessage =
  /^(NOPERM|NOAUTH|WRONGPASS)\b|ACL failure in script|The user executing the script can't run this command/
const forbiddenSqlState = /^(42501|28...)$/

/** Whether the queue's store refuses the user, or a command that the user may not run. */
export function isForbidden(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return forbiddenMessage.test(error.message) || forbiddenSqlState.test(code)
}

/** Whether an error is one of the queue's Redis that may pass. Its commands never report the codes of sockets. */
export function isQueueUnavailable(error: unknown, depth = 0): boolean {
  if (!(error instanceof Error) || depth > causesMax) return false
  if (unansweredMessage.test(error.message) || refusal.test(error.message)) return true
  return isQueueUnavailable(error.cause, depth + 1)
}
