/**
 * Why the database did not run a statement that it may run later:
 *
 * - `unavailable`: it is unreachable, or refuses connections or writes.
 * - `contended`: it cancelled the statement because of a lock, another transaction or a time limit.
 * - `no_connection`: no connection of this process's pool became free in time.
 */
export type PassingFault = 'unavailable' | 'contended' | 'no_connection'

/**
 * https://www.postgresql.org/docs/current/errcodes-appendix.html: classes 08 (connection), 28 (login), 53 (resources),
 * 57P (shutting down, starting up) and 58 (its system); 25006 (read-only), 3D000 (no such database).
 */
const unavailableSqlState = /^(08|28|53|57P|58|25006|3D000)/
/**
 * Class 40 without 40002 (serialization failures, deadlocks), 55P03 and 55006 (locks), 57014 (cancelled), 25P03 and
 * 25P04 (time limits of a transaction).
 */
const contendedSqlState = /^(4000[013]|40P01|55P03|55006|57014|25P0[34])$/

/** Messages of pg and pg-pool errors that have no code. */
const unavailableMessages = [
  'query read timeout',
  'connection terminated',
  'client has encountered a connection error',
  'client was closed and is not queryable',
  'cannot use a pool after calling end',
]
/** pg-pool: all connections are in use, and none was released in time. */
const noConnectionMessage = 'timeout exceeded when trying to connect'

/**
 * https://www.prisma.io/docs/orm/reference/error-reference: P1xxx reports a connection, P2037 too many of them, P2039
 * another error of the database, whose SQLSTATE decides if there is one.
 */
const unavailablePrisma = /^P(1\d{3}|2037|2039)$/
/** P2034: write conflict or deadlock. P2028: a transaction ran out of time. */
const contendedPrisma = /^P20(34|28)$/
const noConnectionPrisma = /^P2024$/
/** Prisma's message of a P2028 for a transaction that never began. */
const transactionNotStarted = 'unable to start a transaction'

const networkCode =
  /\b(ECONNREFUSED|ECONNRESET|ECONNABORTED|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN)\b/

const causesMax = 4

/** Errors that connections to a database reported. Other connections report errors with the same codes. */
const databaseErrors = new WeakSet<object>()

/** Notes that a connection to a database reported this error. */
export function noteDatabaseError(error: unknown): void {
  if (error instanceof Error) databaseErrors.add(error)
}

/**
 * The fault of the database that this error or one of its causes reports, if the same statement may succeed later.
 * Null for an error of the statement itself, and for an error of anything but the database.
 */
export function passingFaultOf(error: unknown, depth = 0): PassingFault | null {
  if (!(error instanceof Error) || depth > causesMax) return null
  const state = ownSqlStateOf(error)
  if (state !== '') return faultOfSqlState(state)
  const causes: unknown[] = error instanceof AggregateError ? error.errors : [error.cause]
  for (const cause of causes) {
    const fault = passingFaultOf(cause, depth + 1)
    if (fault !== null) return fault
  }
  return faultOfPrisma(error) ?? faultOfMessage(error) ?? (isConnectionError(error) ? 'unavailable' : null)
}

function faultOfSqlState(state: string): PassingFault | null {
  if (unavailableSqlState.test(state)) return 'unavailable'
  return contendedSqlState.test(state) ? 'contended' : null
}

function faultOfPrisma(error: Error): PassingFault | null {
  const code = codeOf(error)
  if (noConnectionPrisma.test(code)) return 'no_connection'
  if (unavailablePrisma.test(code)) return 'unavailable'
  if (!contendedPrisma.test(code)) return null
  return error.message.toLowerCase().includes(transactionNotStarted) ? 'no_connection' : 'contended'
}

function faultOfMessage({ message }: Error): PassingFault | null {
  const text = message.toLowerCase()
  if (text.includes(noConnectionMessage)) return 'no_connection'
  return unavailableMessages.some((one) => text.includes(one)) ? 'unavailable' : null
}

/** Without a SQLSTATE, a connection to the database reports only that the connection failed. */
function isConnectionError(error: Error): boolean {
  if (databaseErrors.has(error)) return true
  // Prisma has connections to the database only.
  return error.name.startsWith('PrismaClient') && networkCode.test(`${codeOf(error)} ${error.message}`)
}

function codeOf(error: Error): string {
  if ('code' in error && typeof error.code === 'string') return error.code
  return 'errorCode' in error && typeof error.errorCode === 'string' ? error.errorCode : ''
}

/** True when the database is unreachable, or refuses connections or writes. Its connections may be broken. */
export function isDatabaseUnavailable(error: unknown): boolean {
  return passingFaultOf(error) === 'unavailable'
}

/** The SQLSTATE code of an error or of one of its causes; empty when there is none. */
export function sqlStateOf(error: unknown, depth = 0): string {
  if (!(error instanceof Error) || depth > causesMax) return ''
  return ownSqlStateOf(error) || sqlStateOf(error.cause, depth + 1)
}

/** Five letters and digits, at least one of them a digit. `P1001` and the like are codes of Prisma. */
const sqlStateShape = /^(?!P[1-9])(?=.*\d)[0-9A-Z]{5}$/

function ownSqlStateOf(error: Error): string {
  const codes = [codeOf(error), prismaDriverCode(error)]
  return codes.find((code) => sqlStateShape.test(code)) ?? ''
}

/** The SQLSTATE in the error of Prisma's driver: `meta.driverAdapterError.cause.originalCode`. */
function prismaDriverCode(error: Error): string {
  const meta = 'meta' in error ? (error.meta as PrismaMeta | undefined) : undefined
  const code = (meta?.driverAdapterError ?? (error as PrismaMeta['driverAdapterError']))?.cause?.originalCode
  return typeof code === 'string' ? code : ''
}

interface PrismaMeta {
  driverAdapterError?: { cause?: { originalCode?: unknown } }
}
