import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '@ghostpost/local-services'
import { useWhileTerminated } from '@ghostpost/test-kit/terminate-backends'

const pools = [1, 2, 10]

/**
 * Ends all connections of a stalled process `rounds` times, for small and large pools, on a Postgres of its own.
 * @returns whether the process would have survived, with a pool that works
 */
export async function terminateBackends(rounds: number, log: (line: string) => void): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'ghostpost-terminate-'))
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), durable: false })
  let faults = 0
  try {
    for (const poolMax of pools) {
      const result = await useWhileTerminated({ url: postgres.url, poolMax, rounds })
      const { terminated, succeeded, failed, recovered, uncaught } = result
      faults += uncaught.length + (recovered ? 0 : 1)
      log(
        `a pool of ${poolMax}: ${rounds} rounds ended ${terminated} connections, ${succeeded} uses succeeded, ` +
          `${failed} failed, ${uncaught.length} would have ended the process`,
      )
    }
  } finally {
    await postgres.stop()
    await rm(folder, { recursive: true, force: true })
  }
  return faults === 0
}
