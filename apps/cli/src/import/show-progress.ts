import { Presets, SingleBar } from 'cli-progress'
import type { ProcessIo } from '../process-io.ts'

export interface ImportProgress {
  /** @param part how much of the source is done, from 0 to 1; null when its size is unknown */
  show: (part: number | null, counts: string) => void
  stop: () => void
}

/** Shows progress on stderr: a bar with a percentage on a terminal, else a line for each call. */
export function openImportProgress({ stderr }: Pick<ProcessIo, 'stderr'>): ImportProgress {
  const lines: ImportProgress = {
    show: (_part, counts) => void stderr.write(`${counts} …\n`),
    stop: () => {},
  }
  if (!stderr.isTTY) return lines
  const bar = new SingleBar(
    { format: '{bar} {percentage}% | {counts}', stream: stderr, hideCursor: true, gracefulExit: false },
    Presets.shades_classic,
  )
  let isStarted = false
  return {
    show: (part, counts) => {
      if (part === null) return lines.show(part, counts)
      if (!isStarted) bar.start(100, 0, { counts })
      isStarted = true
      bar.update(Math.floor(part * 100), { counts })
    },
    stop: () => void (isStarted && bar.stop()),
  }
}
