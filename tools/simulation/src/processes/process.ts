import { openLife, type Life } from './life.ts'
import { times, type World } from './world.ts'

/** A process that a supervisor starts again after it has ended. */
export interface SupervisedProcess {
  readonly name: string
  /** The running process; null while none runs. */
  life: () => Life | null
}

/**
 * Starts a process.
 * @param main its program; called for each start
 */
export function superviseProcess(world: World, name: string, main: (life: Life) => void): SupervisedProcess {
  const { scheduler, trace } = world
  let current: Life | null = null
  const start = (): void => {
    const life = openLife(world, name)
    current = life
    life.onEnd(() => {
      trace.add(`${scheduler.nowMs()} ${name} ended`)
      current = null
      if (!life.isAbandoned()) scheduler.at(scheduler.nowMs() + times.restart, start)
    })
    main(life)
  }
  start()
  return { name, life: () => current }
}

/** Repeats a task of a process until the process ends. A lost store makes it wait for the next turn. */
export async function repeatEvery(
  life: Life,
  everyMs: number,
  task: () => Promise<void>,
  onError: (error: unknown) => void,
): Promise<void> {
  while (!life.isStopping()) {
    await life.pause(everyMs)
    await task().catch(onError)
  }
}
