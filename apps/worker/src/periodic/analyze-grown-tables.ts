import { analyzeGrown } from '@ghostpost/infrastructure/database/upkeep'
import type { Resources } from '@ghostpost/infrastructure/process'
import { repeatEvery, type PeriodicTask } from './repeat-every.ts'

const intervalMs = 5_000

/** Keeps the planner's statistics near the truth while tables grow fast, for example in a new installation. */
export function analyzeGrownTables({ database, log }: Pick<Resources, 'database' | 'log'>): PeriodicTask {
  return repeatEvery('analysis of grown tables', intervalMs, log, async () => {
    const tables = await analyzeGrown(database)
    if (tables.length > 0) log.info({ event: 'analyzed', tables }, 'analyzed tables that have grown tenfold')
  })
}
