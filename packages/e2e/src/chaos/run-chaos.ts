import { setTimeout as pause } from 'node:timers/promises'
import { faults, type Fault } from './faults.ts'
import { startLoad, type Load } from './load.ts'
import { seededRandom } from './random.ts'
import { settles, tally, type Tally } from './verify.ts'
import { startWorld, type World } from './world.ts'

export interface ChaosOptions {
  seed: number
  /** How long faults are injected, in seconds; at least each fault once when it is 0. */
  seconds: number
  /** Exports asked for in a second. */
  perSecond: number
  /** Only faults whose name contains this. */
  only: string
  log: (line: string) => void
}

/** All rounds of one fault. */
export interface FaultResult extends Tally {
  fault: string
  rounds: number
  /** From the end of the fault until all that had been acknowledged was settled: the longest of the rounds. */
  recoveryMs: number
}

export interface ChaosResult {
  results: readonly FaultResult[]
  /** Requests of one Idempotency-Key that made two deliveries: must be 0. */
  doubledKeys: number
  answers: Readonly<Record<string, number>>
  seconds: number
}

const calmMs = 500
const recoveryMaxMs = 60_000

/** Runs the product under constant load, injects one fault after another, and holds its promises against what happened. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { seed, seconds, perSecond, only, log } = options
  const random = seededRandom(seed)
  const chosen = faults.filter(({ name }) => name.includes(only))
  if (chosen.length === 0) throw new Error(`There is no fault "${only}". There are:\n${namesOf(faults)}`)
  const startedAt = Date.now()
  const world = await startWorld()
  const load = startLoad(world, perSecond)
  const results = new Map<string, FaultResult>()
  let told = 0
  try {
    for (let round = 0; round === 0 || Date.now() - startedAt < seconds * 1_000; round += 1) {
      for (const fault of random.shuffle(chosen)) {
        if (round > 0 && Date.now() - startedAt >= seconds * 1_000) break
        const recoveryMs = await goThrough(fault, world, random)
        const ids = [...load.accepted.keys()].slice(told)
        told += ids.length
        const result = merge(
          results.get(fault.name),
          fault,
          await afterSettling(world, load, ids),
          recoveryMs,
        )
        results.set(fault.name, result)
        log(lineOf(fault, recoveryMs, ids.length, result))
      }
    }
    await load.stop()
    const rest = [...load.accepted.keys()].slice(told)
    const calm = { name: 'no fault: the rest', inject: async () => {} }
    results.set(calm.name, merge(undefined, calm, await afterSettling(world, load, rest), 0))
    return {
      results: [...results.values()],
      doubledKeys: load.doubled.length,
      answers: Object.fromEntries([...load.answers].toSorted(([a], [b]) => a.localeCompare(b))),
      seconds: (Date.now() - startedAt) / 1_000,
    }
  } finally {
    await load.stop()
    await world.stop()
  }
}

function namesOf(some: readonly Fault[]): string {
  return some.map(({ name }) => `  ${name}`).join('\n')
}

/** Resolves to how long it took, once the fault was over, until everything acknowledged before was settled. */
async function goThrough(
  fault: Fault,
  world: World,
  random: ReturnType<typeof seededRandom>,
): Promise<number> {
  await pause(calmMs)
  await fault.inject(world, random)
  const over = new Date()
  await settles(world, over, recoveryMaxMs)
  return Date.now() - over.getTime()
}

/** What was acknowledged while others were awaited is given its time, too. */
async function afterSettling(world: World, load: Load, ids: readonly string[]): Promise<Tally> {
  await settles(world, new Date(), recoveryMaxMs)
  return tally(world, load, ids)
}

function merge(before: FaultResult | undefined, fault: Fault, now: Tally, recoveryMs: number): FaultResult {
  const sum = (of: (one: Tally) => number): number => (before ? of(before) : 0) + of(now)
  return {
    fault: fault.name,
    rounds: (before?.rounds ?? 0) + 1,
    accepted: sum((one) => one.accepted),
    delivered: sum((one) => one.delivered),
    failed: sum((one) => one.failed),
    lost: sum((one) => one.lost),
    markedDuplicates: sum((one) => one.markedDuplicates),
    silentDuplicates: sum((one) => one.silentDuplicates),
    recoveryMs: Math.max(before?.recoveryMs ?? 0, recoveryMs),
    complaints: [...(before?.complaints ?? []), ...now.complaints],
  }
}

function lineOf(fault: Fault, recoveryMs: number, accepted: number, { complaints }: FaultResult): string {
  const recovered =
    recoveryMs >= recoveryMaxMs ? 'NOT RECOVERED' : `recovered in ${(recoveryMs / 1_000).toFixed(1)} s`
  return [`${fault.name}: ${accepted} accepted, ${recovered}`, ...complaints.map((one) => `    ${one}`)].join(
    '\n',
  )
}
