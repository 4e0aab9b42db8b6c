import type { Choices } from '../schedule/index.ts'
import { faultKinds, type FaultKind, type FaultPlan } from '../processes/index.ts'

/** The share of calls that suffer a fault. */
export const faultRates = [0, 0.005, 0.02, 0.05] as const

/** Some calls are made so often that faults of them alone would fill a history. */
const rareTimes = 0.2
const periodicPorts: ReadonlySet<string> = new Set([
  'sweep',
  'prune',
  'take-operation',
  'take-rule',
  'commit',
])

/**
 * Chooses faults by the key of a call, so that a call has the same fault in a history without other events.
 * @param isOver ends the faults, so that everything can recover
 */
export function randomFaults(choices: Choices, rate: number, isOver: () => boolean): FaultPlan {
  return ({ key, port }) => {
    const share = periodicPorts.has(port) ? rate * rareTimes : rate
    if (choices.fraction(`fault ${key}`) >= share || isOver()) return null
    return choices.pick<FaultKind>(`kind ${key}`, faultKinds)
  }
}
