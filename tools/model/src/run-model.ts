import type { Database } from '@ghostpost/infrastructure/database/connection'
import * as fc from 'fast-check'
import { drain } from './drain.ts'
import { draft, resolve, type Draft } from './histories.ts'
import { newModel } from './model.ts'
import { emptyTables, type Fixture } from './system/fixture.ts'
import { openSystem, type System } from './system/system.ts'
import { takeStep, type ModelRun } from './take-step.ts'

const stepsMax = 24

/** One step of a history: it runs on the model and on the real statements, and both must agree afterwards. */
class ModelCommand implements fc.AsyncCommand<ModelRun, System> {
  private readonly drafted: Draft

  constructor(drafted: Draft) {
    this.drafted = drafted
  }

  check({ model }: Readonly<ModelRun>): boolean {
    return resolve(model, this.drafted) !== null
  }

  async run(run: ModelRun, system: System): Promise<void> {
    const step = resolve(run.model, this.drafted)
    if (step !== null) await takeStep(run, system, step)
  }

  toString(): string {
    return this.drafted.kind === 'race' ? 'race' : this.drafted.name
  }
}

interface ModelOptions {
  histories: number
  seed: number
  /** Find the shortest history that fails. It takes more runs. */
  shrink: boolean
  /** Called after each history with their number. */
  onHistory?: (count: number) => void
}

export interface Counterexample {
  seed: number
  /** How many histories ran before it was found, this one included. */
  histories: number
  problem: string
  steps: readonly string[]
}

/**
 * Runs random histories. At the end of each, the sweeper and a worker alone must bring every delivery to an end.
 * @param database whose statements are tested; its tables are emptied
 * @param observer the same database without planted faults
 * @returns null when the statements did what the model says in every history
 */
export async function runModel(
  database: Database,
  observer: Database,
  fixture: Fixture,
  options: ModelOptions,
): Promise<Counterexample | null> {
  const { histories, seed, shrink, onHistory = () => {} } = options
  let failed: ModelRun = { model: newModel(), taken: [] }
  const commands = fc.commands([draft.map((drafted) => new ModelCommand(drafted))], {
    maxCommands: stepsMax,
    size: 'max',
  })
  let count = 0
  const property = fc.asyncProperty(commands, async (history) => {
    count += 1
    onHistory(count)
    await emptyTables(observer)
    const system = openSystem(database, observer, fixture)
    const run: ModelRun = { model: newModel(), taken: [] }
    try {
      await fc.asyncModelRun(() => ({ model: run, real: system }), history)
      await drain(run, system)
    } catch (error) {
      failed = run
      throw error
    }
  })
  const details = await fc.check(property, { numRuns: histories, seed, endOnFailure: !shrink })
  if (!details.failed) return null
  const { errorInstance: error, numRuns } = details
  const problem = error instanceof Error ? error.message : String(error)
  return { seed, histories: numRuns, problem, steps: failed.taken }
}
