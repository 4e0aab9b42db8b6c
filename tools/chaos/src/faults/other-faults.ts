import type { SeededRandom } from '../random.ts'
import type { ReceiverMode } from '../world/chaos-receiver.ts'
import type { World } from '../world/world.ts'
import { waitForDuration, type Fault } from './fault.ts'

/** Receivers that fail, and a slow network. */

export const otherFaults: readonly Fault[] = [
  { name: 'slow network to both stores', inject: slowNetwork },
  {
    name: 'receiver refuses connections',
    inject: (world, random) => switchReceiver(world, 'refuses', random),
  },
  { name: 'receiver hangs', inject: (world, random) => switchReceiver(world, 'hangs', random) },
  { name: 'receiver answers 503', inject: (world, random) => switchReceiver(world, 'fails', random) },
]

async function slowNetwork(world: World, random: SeededRandom): Promise<void> {
  const { postgres, redis } = world
  const delayMs = random.between(20, 150)
  for (const { proxy } of [postgres, redis]) proxy.setMode({ kind: 'delay', delayMs })
  await waitForDuration(world, random)
  for (const { proxy } of [postgres, redis]) proxy.setMode({ kind: 'pass' })
}

async function switchReceiver(world: World, kind: ReceiverMode, random: SeededRandom): Promise<void> {
  await world.receiver.setMode(kind)
  await waitForDuration(world, random)
  await world.receiver.setMode('fair')
}
