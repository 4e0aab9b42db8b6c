import type { DeliveryRecord, LedgerRecord } from './history.ts'
import type { Violation } from './violation.ts'

/** An operation has ended, lists each member once, and each line says what became of its delivery. */
export function checkLedger(
  { operationId, state, matched, lines }: LedgerRecord,
  deliveries: readonly DeliveryRecord[],
): Violation[] {
  const violations: Violation[] = []
  const complain = (text: string): void =>
    void violations.push({ kind: 'wrong ledger', about: operationId, text })
  if (state !== 'completed' && state !== 'cancelled') complain(`the operation is ${state}`)
  if (state === 'completed' && lines.length !== matched)
    complain(`it lists ${lines.length} of ${matched} members`)
  const stateById = new Map(deliveries.map((one) => [one.id, one.state]))
  const ids = lines.flatMap(({ deliveryId }) => deliveryId ?? [])
  if (new Set(ids).size !== ids.length) complain('it lists a delivery twice')
  for (const { deliveryId, outcome } of lines) {
    if (outcome === 'waiting') complain(`delivery ${deliveryId} waits`)
    if (deliveryId === null || outcome === 'skipped') continue
    const is = stateById.get(deliveryId)
    if (is !== outcome) complain(`it calls delivery ${deliveryId} ${outcome}, which is ${is ?? 'gone'}`)
  }
  return violations
}
