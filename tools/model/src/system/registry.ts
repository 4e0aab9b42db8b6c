import { randomUUID } from 'node:crypto'
import type { Claim, ClaimedDelivery, DueDelivery } from '@ghostpost/delivery/deliver'
import type { Database } from '@ghostpost/infrastructure/database/connection'
import { sweepAfterDays } from '../model.ts'
import type { StepResult } from '../steps.ts'
import type { Fixture } from './fixture.ts'
import type { Ids } from './observe.ts'

export const dayMs = 86_400_000
export const sweepAfterMs = sweepAfterDays * dayMs

/** What the steps of one history share: the database, and which index of the model has which id. */
export interface Registry extends Fixture {
  database: Database
  ids: Ids
  deliveryId: (index: number) => string
  operationId: (index: number) => string
  claim: (index: number) => Claim
  /** The index of a delivery; a new one for an id that is new. */
  register: (deliveryId: string) => number
  registerClaim: (claim: Claim) => void
  /** The index of the claim that somebody else read. */
  claimIndex: (claim: ClaimedDelivery) => number
  /** Ids of the two workers. */
  workerIds: readonly [string, string]
  registerOperation: (id: string) => void
}

export function openRegistry(database: Database, fixture: Fixture): Registry {
  const deliveries: string[] = []
  const operations: string[] = []
  const claims: Claim[] = []
  const claimIds: string[] = []
  return {
    ...fixture,
    database,
    ids: { deliveries, operations, claims: claimIds },
    deliveryId: (index) => deliveries[index] ?? '',
    operationId: (index) => operations[index] ?? '',
    claim: (index) => claims[index] as Claim,
    register: (deliveryId) => {
      const known = deliveries.indexOf(deliveryId)
      return known === -1 ? deliveries.push(deliveryId) - 1 : known
    },
    registerClaim: (claim) => {
      claims.push(claim)
      claimIds.push(claim.claimId)
    },
    claimIndex: ({ claimId }) => claimIds.indexOf(claimId),
    workerIds: [randomUUID(), randomUUID()],
    registerOperation: (id) => void operations.push(id),
  }
}

export function doneIf(value: unknown): StepResult {
  return { kind: value ? 'done' : 'refused' }
}

export function dueResult({ register }: Registry, due: readonly DueDelivery[]): StepResult {
  return { kind: 'due', deliveries: due.map(({ deliveryId }) => register(deliveryId)) }
}
