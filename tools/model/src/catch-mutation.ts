import type { Database } from '@ghostpost/infrastructure/database/connection'
import { runModel, type Counterexample } from './run-model.ts'
import type { Fixture } from './system/fixture.ts'
import { mutateDatabase, type Mutation } from './system/mutated-database.ts'

interface CaughtMutation {
  /** Null when every history agreed with the model although the fault is there. */
  found: Counterexample | null
  /** How many statements ran with the fault; 0 when the mutation matches no statement any more. */
  changedStatements: number
}

const historiesMax = 1_500

/** Plants a fault and runs histories until one shows it. */
export async function catchMutation(
  database: Database,
  fixture: Fixture,
  seed: number,
  mutation: Mutation,
): Promise<CaughtMutation> {
  const { database: mutated, changedCount } = mutateDatabase(database, mutation)
  const options = { histories: historiesMax, seed, shrink: false }
  const found = await runModel(mutated, database, fixture, options)
  return { found, changedStatements: changedCount() }
}
