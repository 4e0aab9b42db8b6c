import { parseArgs } from 'node:util'
import { startPostgres, startRedis, findRedis } from '@ghostpost/local-services'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { endPrograms } from '../programs.ts'
import { logParts, measureLog, type LogPart } from './measure-log.ts'

/**
 * `npm run bench:log` measures the delivery log with a million deliveries and three million attempts. `--deliveries N`
 * sets another number, `--only pages,reads` runs some parts; `logParts` lists them.
 */
const { values } = parseArgs({
  options: { deliveries: { type: 'string', default: '1000000' }, only: { type: 'string' } },
})
const parts = (values.only?.split(',') ?? logParts) as readonly LogPart[]
const unknown = parts.filter((part) => !logParts.includes(part))
if (unknown.length > 0)
  throw new Error(`There is no part ${unknown.join(', ')}; there are ${logParts.join(', ')}.`)
const folder = await mkdtemp(join(tmpdir(), 'ghostpost-bench-'))
const unpackDir = fileURLToPath(new URL('../../../../.data/redis-binaries', import.meta.url))
const binaries = await findRedis({ unpackDir })
if (!binaries) throw new Error('The benchmark needs redis-server or valkey-server on the PATH.')
const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), durable: true })
const redis = await startRedis({ dataDir: join(folder, 'redis'), binaries })
let ending: Promise<void> | undefined
const end = (code: number): Promise<void> => (ending ??= cleanUp().finally(() => process.exit(code)))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end(130))

let missed = 1
try {
  missed = await measureLog({
    postgresUrl: postgres.url,
    redisUrl: redis.url,
    deliveries: Number(values.deliveries),
    parts,
    log: (line) => console.log(line),
  })
} catch (error) {
  if (!ending) console.error(error)
}
await end(missed === 0 ? 0 : 1)

async function cleanUp(): Promise<void> {
  await endPrograms()
  await redis.stop()
  await postgres.stop()
  await rm(folder, { recursive: true, force: true })
}
