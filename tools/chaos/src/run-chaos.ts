import { setTimeout as pause } from 'node:timers/promises'
import { faults, type Fault } from './faults.ts'
import { startLoad, type Load } from './load.ts'
import { seededRandom, seedFor } from './random.ts'
import { countUnacknowledged, waitUntilSettled, tally, explainOldestUnsettled, type Tally } from './verify.ts'
import { startWorld, type World } from './world.ts'

export interface ChaosOptions {
  seed: number
  /** Duration of the injection in seconds; 0 injects each fault once and briefly. */
  seconds: number
  /** Exports per second. */
  perSecond: number
  /** Only faults whose name contains this. */
  only: string
  log: (line: string) => void
}

/** Result of all rounds of one fault. */
export interface FaultResult extends Tally {
  fault: string
  rounds: number
  /** Calls that were refused, disconnected or got no response during the fault; each was repeated. */
  unserved: number
  /** Longest time of a round from the end of the fault until all acknowledged deliveries were settled. */
  recoveryMs: number
  /** True when a promise of the product did not hold. */
  broken: boolean
}

export interface ChaosResult {
  results: readonly FaultResult[]
  /** Number of Idempotency-Keys that made two deliveries; must be 0. */
  doubledKeys: number
  answers: Readonly<Record<string, number>>
  seconds: number
}

/** Result of one round of a fault. */
interface Round extends Tally {
  unserved: number
  recoveryMs: number
}

const recoveryMaxMs = 60_000
const shortDuration = { min: 300, max: 1_200 }
const longDuration = { min: 1_000, max: 4_000 }

/** Runs the product under constant load, injects one fault after another, and checks the product's promises. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { seconds, perSecond } = options
  const selected = selectFaults(options)
  const startedAt = Date.now()
  const world = await startWorld(seconds === 0 ? shortDuration : longDuration)
  const load = startLoad(world, perSecond)
  try {
    const isOver = (): boolean => Date.now() - startedAt >= seconds * 1_000
    const results = await injectAll(selected, options, world, load, isOver)
    return {
      results,
      doubledKeys: load.doubledRequests.length + (await countUnacknowledged(world, load)),
      answers: Object.fromEntries([...load.responses].toSorted(([a], [b]) => a.localeCompare(b))),
      seconds: (Date.now() - startedAt) / 1_000,
    }
  } finally {
    await load.stop()
    await world.stop()
  }
}

function selectFaults({ only, seconds }: ChaosOptions): readonly Fault[] {
  const named = faults.filter(({ name }) => name.includes(only))
  if (named.length === 0) {
    const names = faults.map(({ name }) => `  ${name}`).join('\n')
    throw new Error(`There is no fault "${only}". There are:\n${names}`)
  }
  return only === '' && seconds === 0 ? named.filter(({ takesLong }) => !takesLong) : named
}

/** Runs rounds, each in another order, until `isOver`. The first round always has every fault. */
async function injectAll(
  selected: readonly Fault[],
  { seed, log }: ChaosOptions,
  world: World,
  load: Load,
  isOver: () => boolean,
): Promise<FaultResult[]> {
  const results = new Map<string, FaultResult>()
  const acceptedReader = openAcceptedReader(load)
  for (let round = 0; round === 0 || !isOver(); round += 1) {
    for (const fault of seededRandom(seed + round).shuffle(selected)) {
      if (round > 0 && isOver()) break
      // Calls that the previous fault delayed do not count for this one.
      await load.untilIdle()
      const before = load.unserved()
      const recoveryMs = await injectAndRecover(fault, world, seed + round)
      const unserved = load.unserved() - before
      const counts = await tallyAfterSettling(world, load, acceptedReader.readNew())
      const result = mergeRound(results.get(fault.name), fault, { ...counts, unserved, recoveryMs })
      results.set(fault.name, result)
      log(formatRound(fault, { ...counts, unserved, recoveryMs }, seed + round))
    }
  }
  await load.stop()
  const rest = await tallyAfterSettling(world, load, acceptedReader.readNew())
  const noFault: Fault = { name: 'no fault: the rest', inject: async () => {} }
  return [...results.values(), mergeRound(undefined, noFault, { ...rest, unserved: 0, recoveryMs: 0 })]
}

function openAcceptedReader(load: Load): { readNew: () => readonly string[] } {
  let readCount = 0
  return {
    readNew: () => {
      const ids = [...load.accepted.keys()].slice(readCount)
      readCount += ids.length
      return ids
    },
  }
}

/**
 * Injects a fault whose choices depend on the round's seed and on its name, so that it can be repeated alone. Returns
 * the time in milliseconds from the end of the fault until all deliveries acknowledged before were settled.
 */
async function injectAndRecover(fault: Fault, world: World, roundSeed: number): Promise<number> {
  await pause(world.faultMs.min / 2)
  await fault.inject(world, seededRandom(seedFor(roundSeed, fault.name)))
  const over = new Date()
  await waitUntilSettled(world, over, recoveryMaxMs)
  return Date.now() - over.getTime()
}

/** Waits for the deliveries that were acknowledged during the previous wait, then counts. */
async function tallyAfterSettling(world: World, load: Load, ids: readonly string[]): Promise<Tally> {
  const settled = await waitUntilSettled(world, new Date(), recoveryMaxMs)
  const found = await tally(world, load, ids)
  return settled
    ? found
    : { ...found, complaints: [await explainOldestUnsettled(world), ...found.complaints] }
}

function mergeRound(before: FaultResult | undefined, fault: Fault, now: Round): FaultResult {
  const sum = (of: (one: Round) => number): number => (before ? of(before) : 0) + of(now)
  return {
    fault: fault.name,
    rounds: (before?.rounds ?? 0) + 1,
    accepted: sum((one) => one.accepted),
    delivered: sum((one) => one.delivered),
    failed: sum((one) => one.failed),
    lost: sum((one) => one.lost),
    markedDuplicates: sum((one) => one.markedDuplicates),
    silentDuplicates: sum((one) => one.silentDuplicates),
    unserved: sum((one) => one.unserved),
    recoveryMs: Math.max(before?.recoveryMs ?? 0, now.recoveryMs),
    complaints: [...(before?.complaints ?? []), ...now.complaints],
    broken: (before?.broken ?? false) || isBroken(fault, now),
  }
}

function isBroken(fault: Fault, round: Round): boolean {
  const { lost, silentDuplicates, failed, unserved, recoveryMs } = round
  const refused = fault.mustServeAll === true && unserved > 0
  return lost + silentDuplicates + failed > 0 || refused || recoveryMs >= recoveryMaxMs
}

function formatRound(fault: Fault, round: Round, roundSeed: number): string {
  const { accepted, unserved, recoveryMs, complaints } = round
  const recovered =
    recoveryMs >= recoveryMaxMs ? 'NOT RECOVERED' : `recovered in ${(recoveryMs / 1_000).toFixed(1)} s`
  const verdict = isBroken(fault, round) ? `BROKEN, seed ${roundSeed}: ` : ''
  const line = `${verdict}${fault.name}: ${accepted} accepted, ${unserved} calls not served, ${recovered}`
  return [line, ...complaints.map((one) => `    ${one}`)].join('\n')
}
