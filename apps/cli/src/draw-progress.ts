import type { OperationView } from '@ghostpost/client'
import { Presets, SingleBar } from 'cli-progress'
import { formatCounts, settledCount } from './format-operation.ts'
import type { ProcessIo } from './process-io.ts'
import { formatSpan } from './times.ts'

export interface Progress {
  show: (operation: OperationView) => void
  stop: () => void
}

/** Shows progress on stderr: a bar on a terminal, else a line for each change. */
export function openProgress({ stderr }: Pick<ProcessIo, 'stderr'>): Progress {
  return stderr.isTTY ? openBar(stderr) : openLines(stderr)
}

function openBar(stderr: ProcessIo['stderr']): Progress {
  const bar = new SingleBar(
    {
      format: '{bar} {percentage}% of {total} | {counts} | {left}',
      stream: stderr,
      hideCursor: true,
      // watchOperation handles Ctrl-C: it stops watching, and the operation continues.
      gracefulExit: false,
    },
    Presets.shades_classic,
  )
  let isStarted = false
  return {
    show: (operation) => {
      const barValues = { counts: formatCounts(operation), left: formatLeft(operation) }
      if (!isStarted) bar.start(operation.counts.matched, 0, barValues)
      isStarted = true
      bar.update(settledCount(operation), barValues)
    },
    stop: () => bar.stop(),
  }
}

function openLines(stderr: ProcessIo['stderr']): Progress {
  let last = ''
  return {
    show: (operation) => {
      const settled = `${settledCount(operation)} of ${operation.counts.matched}`
      const line = `${operation.state}: ${settled}: ${formatCounts(operation)}`
      if (line !== last) stderr.write(`${line}; ${formatLeft(operation)}\n`)
      last = line
    },
    stop: () => {},
  }
}

function formatLeft({ state, seconds_left }: OperationView): string {
  return state === 'running' && seconds_left !== null ? `${formatSpan(seconds_left)} left` : state
}
