/**
 * SQLSTATE codes of a database that is unavailable: class 08 (connection), class 53 (resources), 57P01 to 57P05 (shutting
 * down, starting up), 25006 (read-only).
 */
const unavailableSqlState = /^(08|53|57P0[1-5]|25006)/
const unavailableCode =
  /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/
/** Messages of pg and pg-pool errors that have no code. */
const unavailableText =
  /query read timeout|connection terminated|timeout exceeded when trying to connect|client has encountered a connection error|cannot use a pool after calling end/i
/** Prisma: P1001 unreachable, P1002 timeout, P1008 operation timeout, P1017 closed, P2024 no connection in the pool. */
const unavailablePrisma = /^P(1001|1002|1008|1017|2024)$/

/** True when the database is unreachable or not ready; false when the statement itself is wrong. */
export function isDatabaseUnavailable(error: unknown, depth = 0): boolean {
  if (!(error instanceof Error) || depth > 4) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (unavailableSqlState.test(code) || unavailableCode.test(code) || unavailablePrisma.test(code))
    return true
  if (unavailableText.test(error.message)) return true
  if (error instanceof AggregateError)
    return error.errors.some((inner) => isDatabaseUnavailable(inner, depth + 1))
  return isDatabaseUnavailable(error.cause, depth + 1)
}

/** The SQLSTATE code of an error or of one of its causes; empty when there is none. */
export function sqlStateOf(error: unknown, depth = 0): string {
  if (!(error instanceof Error) || depth > 4) return ''
  if ('code' in error && typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code)) return error.code
  return sqlStateOf(error.cause, depth + 1)
}
