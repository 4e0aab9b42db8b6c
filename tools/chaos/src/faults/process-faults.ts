import { setTimeout as pause } from 'node:timers/promises'
import type { SeededRandom } from '../random.ts'
import type { Slot, World } from '../world/world.ts'
import { allSlots, holdRequests, pollUntil, waitForDuration, type Fault } from './fault.ts'

/** Processes that die, freeze, restart or have a wrong clock. */

/** Longer than a claim, which lasts 4 s in this suite. */
const frozenMs = 5_000
const claimMs = 4_000
const hourMs = 3_600_000
const tenMinutesMs = 600_000

export const processFaults: readonly Fault[] = [
  {
    name: 'kill -9 of an API',
    inject: (world, random) => killAndReplace(world, [random.pick(world.apis)], random),
  },
  {
    name: 'kill -9 of a worker',
    inject: (world, random) => killInFlight(world, [random.pick(world.workers)], random),
  },
  { name: 'kill -9 of all workers', inject: (world, random) => killInFlight(world, world.workers, random) },
  {
    name: 'kill -9 of everything of ours',
    inject: (world, random) => world.interrupting(() => killAndReplace(world, allSlots(world), random)),
  },
  {
    name: 'worker frozen past its claim',
    inject: (world, random) => world.interrupting(() => freeze(world.workers, random)),
  },
  { name: 'API frozen', inject: (world, random) => freeze(world.apis, random) },
  {
    name: 'rolling restart of everything',
    mustServeAll: true,
    inject: (world) => restartInTurn(allSlots(world)),
  },
  { name: 'worker stopped during a claim', inject: stopDuringClaim },
  { name: 'clocks of the workers ten minutes off', inject: skewWorkers },
  { name: 'clocks pass the end of winter time', inject: passWinterTime },
  {
    name: 'clock of a worker one hour ahead',
    onlyLong: true,
    inject: (world, random) => stepClock(world, [random.pick(world.workers)], hourMs, random),
  },
  {
    name: 'clock of a worker one hour behind',
    onlyLong: true,
    inject: (world, random) => stepClock(world, [random.pick(world.workers)], -hourMs, random),
  },
  {
    name: 'clock of an API one hour ahead',
    onlyLong: true,
    inject: (world, random) => stepClock(world, [random.pick(world.apis)], hourMs, random),
  },
  {
    name: 'clock of an API one hour behind',
    onlyLong: true,
    inject: (world, random) => stepClock(world, [random.pick(world.apis)], -hourMs, random),
  },
]

async function killAndReplace(world: World, slots: readonly Slot[], random: SeededRandom): Promise<void> {
  await Promise.all(slots.map((slot) => slot.process().kill()))
  await waitForDuration(world, random)
  await Promise.all(slots.map((slot) => slot.start()))
}

/** Kills workers while they wait for responses. */
async function killInFlight(world: World, slots: readonly Slot[], random: SeededRandom): Promise<void> {
  await holdRequests(world, 3)
  await world.interrupting(async () => {
    await Promise.all(slots.map((slot) => slot.process().kill()))
    await world.receiver.setMode('fair')
  })
  await waitForDuration(world, random)
  await Promise.all(slots.map((slot) => slot.start()))
}

async function freeze(slots: readonly Slot[], random: SeededRandom): Promise<void> {
  const { pid } = random.pick(slots).process()
  process.kill(pid, 'SIGSTOP')
  await pause(frozenMs)
  process.kill(pid, 'SIGCONT')
}

async function restartInTurn(slots: readonly Slot[]): Promise<void> {
  for (const slot of slots) {
    const code = await slot.process().stop()
    if (code !== 0) throw new Error(`${slot.name} did not stop in order: ${slot.process().output()}`)
    await slot.start()
  }
}

const claimWaitsSql = `
  select 1
  from pg_stat_activity
  where datname = current_database()
    and wait_event_type = 'Lock'
    and query like '%claim_expires_at%'
    and pid <> pg_backend_pid()`

/**
 * A worker is killed with requests in flight. Another one takes its claims over, and is asked to stop while the
 * statement that claims them waits for a lock.
 */
async function stopDuringClaim(world: World): Promise<void> {
  await holdRequests(world, 3)
  await world.interrupting(async () => {
    await Promise.all(world.workers.map((slot) => slot.process().kill()))
    await world.receiver.setMode('fair')
  })
  await pause(claimMs)
  const [first] = world.workers
  if (!first) return
  const { pool } = world.database()
  const locker = await pool.connect()
  try {
    await locker.query('begin')
    await locker.query('lock table deliveries in exclusive mode')
    await first.start()
    await pollUntil(async () => (await pool.query(claimWaitsSql)).rowCount !== 0, 3_000)
    const stopping = first.process().stop()
    await pause(200)
    await locker.query('commit')
    await stopping
  } finally {
    locker.release()
  }
  await Promise.all(world.workers.map((slot) => slot.start()))
}

function setClocks(slots: readonly Slot[], clockOffsetMs: number): void {
  for (const slot of slots) slot.process().child.send({ clockOffsetMs })
}

/** The clocks are wrong until the fault ends; then they jump back. */
async function stepClock(
  world: World,
  slots: readonly Slot[],
  clockOffsetMs: number,
  random: SeededRandom,
): Promise<void> {
  setClocks(slots, clockOffsetMs)
  await waitForDuration(world, random)
  setClocks(slots, 0)
}

/** One worker is ahead and the other behind. */
async function skewWorkers(world: World, random: SeededRandom): Promise<void> {
  const [first, second] = random.shuffle(world.workers)
  setClocks(first ? [first] : [], tenMinutesMs)
  setClocks(second ? [second] : [], -tenMinutesMs)
  await waitForDuration(world, random)
  setClocks(world.workers, 0)
}

/** When the clocks of the European Union go forward in 2027: https://eur-lex.europa.eu/eli/dir/2000/84/oj */
const summerTimeBegins = Date.UTC(2027, 2, 28, 1)

/** The local time of every process jumps by an hour. They run in a zone of the European Union. */
async function passWinterTime(world: World, random: SeededRandom): Promise<void> {
  const before = random.between(100, 300)
  await stepClock(world, allSlots(world), summerTimeBegins - before - Date.now(), random)
}
