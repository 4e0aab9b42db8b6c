import { setTimeout as pause } from 'node:timers/promises'
import type { SeededRandom } from '../random.ts'
import type { Slot, World } from '../world/world.ts'

/** A fault that ends: when `inject` resolves, everything is repaired. */
export interface Fault {
  name: string
  /** During the fault no caller that follows readiness may be refused or disconnected. */
  mustServeAll?: boolean
  /** Takes half a minute, or is a weaker form of another one, so the short form runs it only by name. */
  onlyLong?: boolean
  inject: (world: World, random: SeededRandom) => Promise<void>
}

export function allSlots({ apis, workers }: World): Slot[] {
  return [...apis, ...workers]
}

/** Waits as long as a fault lasts. */
export function waitForDuration({ faultMs }: World, random: SeededRandom): Promise<void> {
  return pause(random.between(faultMs.min, faultMs.max))
}

const inFlightMaxMs = 3_000
const pollMs = 10

/** Makes the receivers keep requests open until at least `count` are in flight. `setMode('fair')` lets them respond. */
export async function holdRequests({ receiver }: World, count: number): Promise<void> {
  await receiver.setMode('holds')
  await pollUntil(() => receiver.held() >= count, inFlightMaxMs)
}

/** Polls until `probe` is true or the time is over, whichever comes first. */
export async function pollUntil(probe: () => boolean | Promise<boolean>, maxMs: number): Promise<boolean> {
  const deadline = performance.now() + maxMs
  while (performance.now() < deadline) {
    if (await probe()) return true
    await pause(pollMs)
  }
  return false
}

/** Sends a signal; does nothing when the process has crashed. The suite reports crashes at the end of the round. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It has exited.
  }
}
