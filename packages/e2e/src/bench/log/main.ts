import { parseArgs } from 'node:util'
import { startPostgres, startRedis, findRedis } from '@ghostpost/local-services'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { measureLog } from './measure-log.ts'

/**
 * `npm run bench:log`: the delivery log with a million deliveries and three million attempts; `--deliveries N` for
 * another number, `--only dashboard` for its pages in a browser and nothing else.
 */
const { values } = parseArgs({
  options: { deliveries: { type: 'string', default: '1000000' }, only: { type: 'string' } },
})
const folder = await mkdtemp(join(tmpdir(), 'ghostpost-bench-'))
const unpackDir = fileURLToPath(new URL('../../../../../.data/redis-binaries', import.meta.url))
const binaries = await findRedis({ unpackDir })
if (!binaries) throw new Error('The benchmark needs redis-server or valkey-server on the PATH.')
const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), durable: true })
const redis = await startRedis({ dataDir: join(folder, 'redis'), binaries })
let missed = 1
try {
  missed = await measureLog({
    postgresUrl: postgres.url,
    redisUrl: redis.url,
    deliveries: Number(values.deliveries),
    dashboardOnly: values.only === 'dashboard',
    tell: (line) => console.log(line),
  })
} finally {
  await redis.stop()
  await postgres.stop()
  await rm(folder, { recursive: true, force: true })
}
process.exit(missed === 0 ? 0 : 1)
