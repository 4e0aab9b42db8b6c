import {
  recordInterruption,
  type AttemptSettings,
  type BudgetPorts,
  type BudgetedResult,
  type InterruptedClaim,
  type InterruptionPorts,
  type Settlement,
} from '@ghostpost/delivery/deliver'

export interface InterruptionParts {
  ports: InterruptionPorts & Pick<BudgetPorts, 'report'>
  settings: AttemptSettings
  /** Logs and counts the result of an attempt. */
  observe: (deliveryId: string, result: BudgetedResult) => void
  /** Announces a settlement to the caller that may wait for it. */
  announce: (siteId: number, settlement: Settlement) => void
}

/** Returns a function that records the attempt of an expired claim as interrupted and enqueues the next one. */
export function openInterruptions({
  ports,
  settings,
  observe,
  announce,
}: InterruptionParts): (claim: InterruptedClaim) => Promise<void> {
  return async (claim) => {
    const result = await recordInterruption(claim, ports, settings)
    if (result.kind !== 'wait') observe(claim.deliveryId, result)
    // No job runs here that would announce it.
    if (result.kind === 'settled') announce(claim.siteId, result.settlement)
    // The slot of the claim's worker would keep others from the receiver until it expires.
    ports.report(claim, { kind: 'unused' })
  }
}
