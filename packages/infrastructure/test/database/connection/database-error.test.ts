import { passingFaultOf, type PassingFault } from '@ghostpost/infrastructure/database/connection'
import { isQueueUnavailable } from '@ghostpost/infrastructure/queue'
import { describe, expect, test } from 'vitest'
import { noteDatabaseError } from '../../../src/database/connection/database-error.ts'
import { isForbidden } from '../../../src/queue/queue-error.ts'

const withCode = (code: string, message = 'failed'): Error => Object.assign(new Error(message), { code })

const startTimeout = 'Transaction API error: Unable to start a transaction in the given time.'

/** An error of Prisma that its driver caused. */
function prismaError(code: string, originalCode: string, message = 'Database error.'): Error {
  const driverAdapterError = Object.assign(new Error('postgres'), { cause: { originalCode } })
  const error = Object.assign(new Error(message), { code, meta: { driverAdapterError } })
  error.name = 'PrismaClientKnownRequestError'
  return error
}

describe('the fault that a SQLSTATE reports', () => {
  test.each<[PassingFault, readonly string[]]>([
    ['unavailable', ['08000', '08001', '08003', '08004', '08006', '08P01']],
    ['unavailable', ['53000', '53100', '53200', '53300', '53400']],
    ['unavailable', ['57P01', '57P02', '57P03', '57P04', '57P05']],
    ['unavailable', ['25006', '28000', '28P01', '3D000', '58000', '58030']],
    ['contended', ['40001', '40003', '40P01', '55P03', '55006', '57014', '25P03', '25P04']],
  ])('is %s for %j', (fault, states) => {
    expect(states.map((state) => passingFaultOf(withCode(state)))).toEqual(states.map(() => fault))
    expect(states.map((state) => passingFaultOf(prismaError('P2039', state)))).toEqual(
      states.map(() => fault),
    )
    expect(states.map((state) => passingFaultOf(prismaError('P2010', state)))).toEqual(
      states.map(() => fault),
    )
  })

  test.each(['22P02', '23505', '23503', '40002', '42601', '42P01', '42703', '42501', 'P0001', 'XX000'])(
    'is none for %s, whoever reports it',
    (state) => {
      const noted = withCode(state, 'Connection terminated by a trigger')
      noteDatabaseError(noted)
      expect(passingFaultOf(noted)).toBeNull()
      expect(passingFaultOf(prismaError('P2039', state))).toBeNull()
      expect(passingFaultOf(prismaError('P2010', state))).toBeNull()
    },
  )
})

describe('the fault of an error without a SQLSTATE', () => {
  test.each<[string, Error, PassingFault]>([
    ['an unreachable server', prismaError('P1001', ''), 'unavailable'],
    ['a failed login', prismaError('P1000', '28P01'), 'unavailable'],
    ['a closed connection', prismaError('P1017', ''), 'unavailable'],
    ['too many connections', prismaError('P2037', ''), 'unavailable'],
    ['an unknown error of the driver', prismaError('P2039', 'N/A'), 'unavailable'],
    ['a pool of Prisma without a free connection', withCode('P2024'), 'no_connection'],
    ['a transaction that did not begin', withCode('P2028', startTimeout), 'no_connection'],
    ['a transaction that took too long', withCode('P2028', 'A query on an expired transaction'), 'contended'],
    ['a write conflict', withCode('P2034'), 'contended'],
    ['a response that does not come', new Error('Query read timeout'), 'unavailable'],
    ['a lost connection', new Error('Connection terminated unexpectedly'), 'unavailable'],
    [
      'a connection that takes too long',
      new Error('Connection terminated due to connection timeout'),
      'unavailable',
    ],
    [
      'a pool without a free connection',
      new Error('timeout exceeded when trying to connect'),
      'no_connection',
    ],
    ['an error by its cause', new Error('it failed', { cause: withCode('57014') }), 'contended'],
    ['one of several errors', new AggregateError([new Error('a'), withCode('08006')], 'all'), 'unavailable'],
  ])('%s', (_name, error, fault) => {
    expect(passingFaultOf(error)).toBe(fault)
  })

  test.each([
    'ECONNREFUSED',
    'ECONNRESET',
    'ETIMEDOUT',
    'EPIPE',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EHOSTUNREACH',
    'ENETUNREACH',
  ])('a socket’s %s counts when a connection to the database reports it, and no other', (code) => {
    const ofRedis = withCode(code)
    const ofDatabase = withCode(code)
    noteDatabaseError(ofDatabase)
    expect(passingFaultOf(ofRedis)).toBeNull()
    expect(passingFaultOf(ofDatabase)).toBe('unavailable')
  })

  test('is none for an error of the program', () => {
    expect(passingFaultOf(new TypeError('x is not a function'))).toBeNull()
    expect(passingFaultOf(withCode('P2002'))).toBeNull()
    expect(passingFaultOf('57014')).toBeNull()
  })
})

describe('an error of the queue', () => {
  test.each([
    'Connection is closed.',
    'Command timed out',
    "Stream isn't writeable and enableOfflineQueue options is false",
    'Reached the max retries per request limit (which is 1). Refer to "maxRetriesPerRequest" option for details.',
    "READONLY You can't write against a read only replica.",
    "OOM command not allowed when used memory > 'maxmemory'.",
    'LOADING Redis is loading the dataset in memory',
    "NOPERM this user has no permissions to run the 'evalsha' command",
  ])('is told from one of the database: %s', (message) => {
    expect(isQueueUnavailable(new Error(message))).toBe(true)
    expect(passingFaultOf(new Error(message))).toBeNull()
  })

  test.each([
    "NOPERM this user has no permissions to run the 'evalsha' command",
    'WRONGPASS invalid username-password pair or user is disabled.',
    'NOAUTH Authentication required.',
    "ERR The user executing the script can't run this command or subcommand script: 5ab4, on @user_script:582.",
    "NOPERM ACL failure in script: User default has no permissions to run the 'xadd' command",
  ])('says that its user may not do this: %s', (message) => {
    expect(isForbidden(new Error(message))).toBe(true)
    expect(isForbidden(new Error(`it failed: ${message.toLowerCase()}`))).toBe(false)
  })

  test('is no error of the program', () => {
    expect(isQueueUnavailable(new Error('WRONGTYPE Operation against a key'))).toBe(false)
    expect(isQueueUnavailable(null)).toBe(false)
  })
})
