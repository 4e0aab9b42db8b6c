import { fileURLToPath } from 'node:url'
import { createTestQueueName } from '@ghostpost/test-kit/test-database'
import type { RunningProcess } from '@ghostpost/test-kit/processes/start-process'
import { startProgram } from '../programs.ts'
import { openQueueControl } from '../queue-control.ts'
import { profileEnvironment, type Bench, type Contender, type Installation } from './contender.ts'

const program = fileURLToPath(new URL('bare-program.ts', import.meta.url))

export const bare: Contender = { name: 'bare', open }

async function open(bench: Bench): Promise<Installation> {
  const { url, prefix } = createTestQueueName()
  const queue = openQueueControl(url, prefix, 'bare')
  const workers: RunningProcess[] = []
  const environment = { BENCH_REDIS_URL: url, BENCH_PREFIX: prefix, ...profileEnvironment(bench) }
  return {
    queue,
    databaseUrl: null,
    fill: (count, kind) => {
      const job = { data: { url: bench.receiver.urls[kind] }, options: { removeOnComplete: true } }
      return queue.addAll(Array.from({ length: count }, () => job))
    },
    startWorkers: async (count) => {
      workers.push(
        ...(await Promise.all(Array.from({ length: count }, () => startProgram(program, environment)))),
      )
    },
    workers: () => workers,
    delivered: async () => null,
    stop: async () => {
      await Promise.all(workers.map((worker) => worker.stop()))
      await queue.close()
    },
  }
}
