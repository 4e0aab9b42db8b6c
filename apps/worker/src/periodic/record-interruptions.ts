import {
  recordInterruption,
  type AttemptSettings,
  type BudgetPorts,
  type BudgetedResult,
  type InterruptedClaim,
  type InterruptionPorts,
} from '@ghostpost/delivery/deliver'

export interface InterruptionParts {
  ports: InterruptionPorts & Pick<BudgetPorts, 'report'>
  settings: AttemptSettings
  /** Logs and counts the result of an attempt. */
  observe: (deliveryId: string, result: BudgetedResult) => void
}

/** Returns a function that records the attempt of an expired claim as interrupted and enqueues the next one. */
export function openInterruptions({
  ports,
  settings,
  observe,
}: InterruptionParts): (claim: InterruptedClaim) => Promise<void> {
  return async (claim) => {
    const result = await recordInterruption(claim, ports, settings)
    if (result.kind !== 'wait') observe(claim.deliveryId, result)
    // The slot of the claim's worker would keep others from the receiver until it expires.
    ports.report(claim, { kind: 'unused' })
  }
}
