import { setTimeout as pause } from 'node:timers/promises'
import type { SeededRandom } from '../random.ts'
import type { World } from '../world/world.ts'
import { allSlots, holdRequests, pollUntil, signal, waitForDuration, type Fault } from './fault.ts'
import { disturbNetwork } from './queue-faults.ts'
import { pruneAgainstResends } from './prune-against-resends.ts'

interface Client {
  query: (sql: string) => Promise<unknown>
}

/** Postgres that dies, is full or locked, ends connections, or cannot be reached. */

export const databaseFaults: readonly Fault[] = [
  { name: 'kill -9 of Postgres', inject: (world, random) => restartPostgres(world, 'SIGKILL', random) },
  { name: 'immediate restart of Postgres with requests in flight', inject: restartInFlight },
  { name: 'backends terminated while the processes stall', inject: terminateStalled },
  { name: 'table locked', inject: (world, random) => lockTable(world, random) },
  { name: 'rows locked with requests in flight', inject: lockRows },
  { name: 'disk of Postgres full', inject: fillDisk },
  { name: 'two pruners against resends', inject: pruneAgainstResends },
  {
    name: 'connections to Postgres cut',
    inject: (world, random) => disturbNetwork(world, world.postgres, { kind: 'cut' }, random),
  },
  {
    name: 'Postgres half-open',
    inject: (world, random) => disturbNetwork(world, world.postgres, { kind: 'silent' }, random),
  },
  {
    name: 'connections to Postgres forgotten by a firewall',
    onlyLong: true,
    inject: async ({ postgres }) => postgres.proxy.forget(),
  },
]

async function restartPostgres(world: World, signal: NodeJS.Signals, random: SeededRandom): Promise<void> {
  await world.postgres.kill(signal)
  await waitForDuration(world, random)
  await world.postgres.start()
  await world.reopenDatabase()
}

/** Postgres goes away while receivers hold requests, and they respond while it is away. SIGQUIT: no orderly stop. */
async function restartInFlight(world: World): Promise<void> {
  await holdRequests(world, 5)
  await world.postgres.kill('SIGQUIT')
  await world.receiver.setMode('fair')
  await world.postgres.start()
  await world.reopenDatabase()
}

const stallMs = 150
const stallRounds = 5

/** Connections end while the processes do not run, so that the end and other messages arrive in one packet. */
async function terminateStalled(world: World): Promise<void> {
  for (let round = 0; round < stallRounds; round += 1) {
    const pids = allSlots(world).map((slot) => slot.process().pid)
    for (const pid of pids) signal(pid, 'SIGSTOP')
    try {
      await world.database().pool.query(
        `select pg_terminate_backend(pid)
         from pg_stat_activity
         where datname = current_database()
           and pid <> pg_backend_pid()
           and application_name <> 'chaos'`,
      )
      await pause(stallMs)
    } finally {
      for (const pid of pids) signal(pid, 'SIGCONT')
    }
    await pause(stallMs)
  }
}

async function inTransaction(world: World, work: (client: Client) => Promise<void>): Promise<void> {
  const client = await world.database().pool.connect()
  try {
    await client.query('begin')
    await work(client)
    await client.query('commit')
  } finally {
    client.release()
  }
}

/** As ALTER TABLE or VACUUM FULL does: nobody reads or writes deliveries. */
function lockTable(world: World, random: SeededRandom): Promise<void> {
  return inTransaction(world, async (client) => {
    await client.query('lock table deliveries in access exclusive mode')
    await waitForDuration(world, random)
  })
}

/** Longer than a claim, which lasts 4 s in this suite. */
const rowsLockedMs = 5_000
const lockedRows = 4

/** Somebody's transaction holds a few rows whose attempts end meanwhile. All others must be recorded. */
async function lockRows(world: World): Promise<void> {
  await holdRequests(world, 10)
  await inTransaction(world, async (client) => {
    await client.query(
      `select id from deliveries where state = 'delivering' order by id limit ${lockedRows} for update`,
    )
    await world.receiver.setMode('fair')
    await pause(rowsLockedMs)
  })
}

/**
 * Inserts fail as on a full disk. A trigger raises the error that Postgres raises when it cannot extend a file: a disk
 * of its own would need a mount.
 */
const fillDiskSql = ['deliveries', 'attempts', 'payloads']
  .map(
    (table) =>
      `create trigger chaos_disk_full before insert on ${table} for each statement execute function chaos_disk_full();`,
  )
  .join('\n')

async function fillDisk(world: World, random: SeededRandom): Promise<void> {
  const { pool } = world.database()
  await holdRequests(world, 5)
  await pool.query(`
    create or replace function chaos_disk_full() returns trigger language plpgsql as $$
    begin
      raise exception 'could not extend file: No space left on device' using errcode = 'disk_full';
    end $$;
    ${fillDiskSql}`)
  await world.receiver.setMode('fair')
  await waitForDuration(world, random)
  for (const table of ['deliveries', 'attempts', 'payloads']) {
    await pollUntil(
      () =>
        pool.query(`drop trigger if exists chaos_disk_full on ${table}`).then(
          () => true,
          () => false,
        ),
      10_000,
    )
  }
}
