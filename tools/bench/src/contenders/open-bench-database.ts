import { openDatabase, type Database } from '@ghostpost/infrastructure/database/connection'

/** Connections of a process of every contender: Ghostpost's default. */
const poolMax = 10

/** Opens the database of a program of the benchmark. */
export function openBenchDatabase(url: string): Database {
  return openDatabase({
    url,
    poolMax,
    connectTimeoutMs: 5_000,
    statementTimeoutMs: 60_000,
    applicationName: 'bench',
    onIdleError: () => {},
  })
}
