import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openDatabase, type Database } from '@ghostpost/infrastructure/database/connection'
import { migrate } from '@ghostpost/infrastructure/database/upkeep'
import { createSessionToken, createUser } from '@ghostpost/test-kit/accounts'
import { startBenchReceiver } from '../bench-receiver.ts'
import { environmentOf, startBenchApi, type LogStores } from './bench-api.ts'
import { dashboardLines } from './dashboard-lines.ts'
import { formatLine, type ResultLine } from './result-line.ts'
import { loadLog } from './load-log.ts'
import { measureListeners } from './measure-listeners.ts'
import { measureOperation } from './measure-operation.ts'
import { measurePages } from './measure-pages.ts'
import { measureExports, measureReads } from './measure-reads.ts'

export const logParts = ['pages', 'reads', 'exports', 'listeners', 'dashboard', 'operation'] as const
export type LogPart = (typeof logParts)[number]

export interface LogBench extends LogStores {
  deliveries: number
  parts: readonly LogPart[]
  log: (line: string) => void
}

const repository = fileURLToPath(new URL('../../../..', import.meta.url))

/**
 * Loads the log, measures it through a real API process, and says what met its target. Resolves to how many did not.
 */
export async function measureLog(bench: LogBench): Promise<number> {
  const { database, loading } = await openLoaded(bench)
  try {
    const lines = [loading, ...(await measureParts(bench, database))]
    const rows = lines.map(formatLine).join('\n')
    bench.log(`\n| what | measured | target | |\n| --- | --- | --- | --- |\n${rows}\n`)
    return lines.filter(({ met }) => !met).length
  } finally {
    await database.close()
  }
}

const attemptsEach = 3
const loadTargetMinutes = 10

async function openLoaded({
  postgresUrl,
  deliveries,
  log,
}: LogBench): Promise<{ database: Database; loading: ResultLine }> {
  await migrate(postgresUrl, join(repository, 'prisma/migrations'), () => {})
  const database = openDatabase({
    url: postgresUrl,
    poolMax: 2,
    connectTimeoutMs: 5_000,
    statementTimeoutMs: 600_000,
    applicationName: 'bench',
    onIdleError: () => {},
  })
  await database.pool.query(await readFile(join(repository, 'prisma/seed.sql'), 'utf8'))
  const { id } = await createUser(database, [4])
  const start = performance.now()
  await loadLog(database, id, { deliveries, attemptsEach }, log)
  const minutes = (performance.now() - start) / 60_000
  const loading = {
    what: `loading ${deliveries} deliveries and ${deliveries * attemptsEach} attempts`,
    measured: `${minutes.toFixed(1)} min`,
    target: `≤ ${loadTargetMinutes} min`,
    met: minutes <= loadTargetMinutes,
  }
  return { database, loading }
}

async function measureParts(bench: LogBench, database: Database): Promise<ResultLine[]> {
  const user = await createUser(database, [4])
  const session = await createSessionToken(database, user.id)
  const receiver = await startBenchReceiver()
  const environment = environmentOf(bench, receiver.ports)
  const api = await startBenchApi(environment)
  const caller = { session, address: api.address }
  const { deliveries, redisUrl } = bench
  const measures: Record<LogPart, () => Promise<ResultLine[]>> = {
    pages: () => measurePages(deliveries, database, caller),
    reads: () => measureReads(deliveries, database, caller),
    exports: () => measureExports(deliveries, caller, api.pid),
    listeners: () => measureListeners(caller, api.pid),
    dashboard: () => dashboardLines(database, api.address),
    operation: () => measureOperation({ database, caller, receiver, redisUrl, environment, userId: user.id }),
  }
  const lines: ResultLine[] = []
  for (const part of logParts.filter((one) => bench.parts.includes(one)))
    lines.push(...(await measures[part]()))
  await Promise.all([api.stop(), receiver.stop()])
  return lines
}
