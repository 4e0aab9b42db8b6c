import type { OperationView } from '@ghostpost/client'
import { Presets, SingleBar } from 'cli-progress'
import { countsOf, settledOf } from './describe-operation.ts'
import type { Surroundings } from './surroundings.ts'
import { span } from './times.ts'

export interface Progress {
  show: (operation: OperationView) => void
  stop: () => void
}

/** A bar on a terminal, else a line whenever something has changed; on stderr in any case. */
export function openProgress({ stderr }: Pick<Surroundings, 'stderr'>): Progress {
  return stderr.isTTY ? barOn(stderr) : linesOn(stderr)
}

function barOn(stderr: Surroundings['stderr']): Progress {
  const bar = new SingleBar(
    {
      format: '{bar} {percentage}% of {total} | {counts} | {left}',
      stream: stderr,
      hideCursor: true,
      // Ctrl-C is ours to handle: it ends the watching, and says that the operation goes on.
      gracefulExit: false,
    },
    Presets.shades_classic,
  )
  let isStarted = false
  return {
    show: (operation) => {
      const told = { counts: countsOf(operation), left: leftOf(operation) }
      if (!isStarted) bar.start(operation.counts.matched, 0, told)
      isStarted = true
      bar.update(settledOf(operation), told)
    },
    stop: () => bar.stop(),
  }
}

function linesOn(stderr: Surroundings['stderr']): Progress {
  let last = ''
  return {
    show: (operation) => {
      const settled = `${settledOf(operation)} of ${operation.counts.matched}`
      const line = `${operation.state}: ${settled}: ${countsOf(operation)}`
      if (line !== last) stderr.write(`${line}; ${leftOf(operation)}\n`)
      last = line
    },
    stop: () => {},
  }
}

function leftOf({ state, seconds_left }: OperationView): string {
  return state === 'running' && seconds_left !== null ? `${span(seconds_left)} left` : state
}
