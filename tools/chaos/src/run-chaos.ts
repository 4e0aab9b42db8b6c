import { setTimeout as pause } from 'node:timers/promises'
import { allSlots, type Fault } from './faults/fault.ts'
import { faults } from './faults/faults.ts'
import { checkHistory, type HistoryReport } from './history/check-history.ts'
import type { History } from './history/history.ts'
import { readHistory } from './history/read-history.ts'
import { explainOldestUnsettled, waitUntilSettled } from './history/settle.ts'
import { startLoad, type Load } from './load.ts'
import { startOperation } from './operations.ts'
import { seededRandom, seedFor } from './random.ts'
import { formatRound, recoveryMaxMs, resultOf, sumOf, type FaultResult, type Round } from './results.ts'
import { startWorld, type World } from './world/world.ts'

interface ChaosOptions {
  seed: number
  /** Duration of the injection in seconds; 0 injects each fault once and briefly. */
  seconds: number
  /** Exports per second. */
  perSecond: number
  /** Only faults whose name contains this. */
  only: string
  /** For the stores. */
  folder: string
  log: (line: string) => void
}

export interface ChaosResult {
  results: readonly FaultResult[]
  /** The whole run as its parties saw it. */
  history: History
  /** What the whole history says. It also sees what happened to a delivery after its round. */
  report: HistoryReport
  /** Number of jobs that faults have removed from the queue. */
  lostJobs: number
  responses: Readonly<Record<string, number>>
  seconds: number
}

const shortDuration = { min: 300, max: 1_200 }
const longDuration = { min: 1_000, max: 4_000 }
/** An operation runs during one in so many faults. */
const operationEvery = 4

/** Runs the product under constant load, injects one fault after another, and checks the product's promises. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { seconds, perSecond, folder } = options
  const selected = selectFaults(options)
  const startedAt = Date.now()
  const world = await startWorld(folder, seconds === 0 ? shortDuration : longDuration)
  const load = startLoad(world, perSecond)
  try {
    const isOver = (): boolean => Date.now() - startedAt >= seconds * 1_000
    const results = await injectAll(selected, options, world, load, isOver)
    const history = await readHistory(world, load, null)
    return {
      results,
      history,
      report: checkHistory(history),
      lostJobs: world.lostJobs,
      responses: Object.fromEntries([...load.responses].toSorted(([a], [b]) => a.localeCompare(b))),
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
  return only === '' && seconds === 0 ? named.filter(({ onlyLong }) => !onlyLong) : named
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
  let injected = 0
  for (let round = 0; round === 0 || !isOver(); round += 1) {
    for (const fault of seededRandom(seed + round).shuffle(selected)) {
      if (round > 0 && isOver()) break
      // Calls that the previous fault delayed do not count for this one.
      await load.untilIdle()
      if (injected % operationEvery === operationEvery - 1) await startOperation(world)
      injected += 1
      const done = await runRound(fault, world, load, { seed: seed + round, acceptedReader })
      const result = resultOf(fault, done)
      const before = results.get(fault.name)
      results.set(fault.name, before ? sumOf(fault.name, [before, result]) : result)
      log(formatRound(fault, done, seed + round))
    }
  }
  await load.stop()
  const noFault: Fault = { name: 'no fault: the rest', inject: async () => {} }
  const rest = await settleAndCheck(world, load, acceptedReader.readNew())
  return [...results.values(), resultOf(noFault, { ...rest, unserved: 0, crashes: [], recoveryMs: 0 })]
}

interface RoundOptions {
  seed: number
  acceptedReader: AcceptedReader
}

async function runRound(
  fault: Fault,
  world: World,
  load: Load,
  { seed, acceptedReader }: RoundOptions,
): Promise<Round> {
  const before = load.unserved()
  const recoveryMs = await injectAndRecover(fault, world, seed)
  const unserved = load.unserved() - before
  const crashes = await replaceCrashed(world)
  return { ...(await settleAndCheck(world, load, acceptedReader.readNew())), unserved, crashes, recoveryMs }
}

interface AcceptedReader {
  /** The deliveries that were acknowledged since the last call. */
  readNew: () => readonly string[]
}

function openAcceptedReader(load: Load): AcceptedReader {
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

/** Starts processes again that ended by themselves. Returns what they wrote last. */
async function replaceCrashed(world: World): Promise<string[]> {
  const crashed = allSlots(world).filter((slot) => {
    const { exitCode, signalCode } = slot.process().child
    return exitCode !== null || signalCode !== null
  })
  const reports = crashed.map(
    (slot) => `${slot.name} CRASHED: ${slot.process().output().slice(-outputShown)}`,
  )
  for (const slot of crashed) await slot.start()
  return reports
}

const outputShown = 600

const correctionMaxMs = 10_000
const correctionPollMs = 500

function hasFalseFailure({ violations }: HistoryReport): boolean {
  return violations.some(({ kind }) => kind === 'false failure')
}

/** Waits for the deliveries that were acknowledged during the previous wait, then checks them. */
async function settleAndCheck(
  world: World,
  load: Load,
  ids: readonly string[],
): Promise<Pick<Round, 'report' | 'explanation'>> {
  const settled = await waitUntilSettled(world, new Date(), recoveryMaxMs)
  const check = async (): Promise<HistoryReport> => checkHistory(await readHistory(world, load, ids))
  let report = await check()
  // A worker that has the response corrects the record of an interrupted attempt as soon as it can write it.
  const until = Date.now() + correctionMaxMs
  while (hasFalseFailure(report) && Date.now() < until) {
    await pause(correctionPollMs)
    report = await check()
  }
  return { report, explanation: settled ? null : await explainOldestUnsettled(world) }
}
