import { bare } from '../contenders/bare.ts'
import type { Contender } from '../contenders/contender.ts'
import { ghostpost } from '../contenders/ghostpost.ts'
import { plain } from '../contenders/plain.ts'
import { measureDrain, type Drain } from '../measure-drain.ts'
import type { Run } from '../run-workloads.ts'

const contenders: readonly Contender[] = [bare, plain, ghostpost]
const fullCount = 20_000
const shortCount = 2_000
const drainMaxMs = 180_000

export async function drain({ bench, rounds, short, say }: Run): Promise<void> {
  const count = short ? shortCount : fullCount
  for (let round = 0; round < rounds; round += 1) {
    for (const contender of contenders) {
      const installation = await contender.open(bench)
      try {
        await installation.startWorkers(1)
        const found: Drain = await measureDrain(bench, installation, count, drainMaxMs)
        say(`${contender.name}: ${JSON.stringify(found, null, 1)}`)
      } finally {
        await installation.stop()
      }
    }
  }
}
