import { superviseProcess, type Life, type SupervisedProcess, type World } from '../processes/index.ts'
import { openMemoryDatabase, openMemoryQueue, openReceivers, type Reaction } from '../stores/index.ts'
import type { Installation } from './installation.ts'
import { openSettlements } from './settlements.ts'
import { storeSettings } from './settings.ts'
import { runWorker } from './worker.ts'

export interface InstallationOptions {
  reactionsOf: (deliveryId: string) => readonly Reaction[]
  apis: number
  workers: number
}

export function openInstallation(world: World, options: InstallationOptions): Installation {
  const installation: Installation = {
    world,
    database: openMemoryDatabase(world, storeSettings),
    queue: openMemoryQueue(world),
    receivers: openReceivers(options.reactionsOf),
    settlements: openSettlements(world),
    apis: [],
    workers: [],
    deserted: [],
  }
  const processes = (name: string, count: number, main: (life: Life) => void): SupervisedProcess[] =>
    Array.from({ length: count }, (_, index) => superviseProcess(world, `${name}-${index + 1}`, main))
  return Object.assign(installation, {
    apis: processes('api', options.apis, (life) => life.onStop(() => life.kill())),
    workers: processes('worker', options.workers, (life) => runWorker(installation, life)),
  })
}
