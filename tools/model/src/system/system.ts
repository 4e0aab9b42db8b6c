import type { Database } from '@ghostpost/infrastructure/database/connection'
import type { Worker } from '../model.ts'
import type { Step, StepResult } from '../steps.ts'
import { actionHandlers } from './action-handlers.ts'
import { attemptHandlers } from './attempt-handlers.ts'
import type { Fixture } from './fixture.ts'
import { observe, type Ids, type Observed } from './observe.ts'
import { operationHandlers } from './operation-handlers.ts'
import { openRegistry } from './registry.ts'

/** The real statements, called as the processes call them. */
export interface System {
  database: Database
  ids: Ids
  perform: (step: Step, worker?: Worker) => Promise<StepResult>
  observe: () => Promise<Observed>
}

/**
 * Opens the system for one history.
 * @param observer reads what the steps have written; its statements have no planted fault
 */
export function openSystem(database: Database, observer: Database, fixture: Fixture): System {
  const registry = openRegistry(database, fixture)
  const handlers = {
    ...attemptHandlers(registry),
    ...actionHandlers(registry),
    ...operationHandlers(registry),
  }
  return {
    database: observer,
    ids: registry.ids,
    perform: (step, worker = 0) => {
      const handle = handlers[step.kind] as (step: Step, worker: Worker) => Promise<StepResult>
      return handle(step, worker)
    },
    observe: () => observe(observer.pool),
  }
}
