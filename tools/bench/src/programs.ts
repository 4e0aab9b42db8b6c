import { startProcess, type RunningProcess } from '@ghostpost/test-kit/processes/start-process'

const programs = new Set<Promise<RunningProcess>>()
let ended = false

/** As `startProcess`; `endPrograms` ends the program if it still runs. */
export async function startProgram(
  file: string,
  environment: Readonly<Record<string, string>>,
  preload: readonly string[] = [],
): Promise<RunningProcess> {
  if (ended) throw new Error('The benchmark is over.')
  const starting = startProcess(file, environment, preload)
  programs.add(starting)
  const started = await starting
  started.child.once('exit', () => programs.delete(starting))
  return started
}

/** Kills all programs that run or start. */
export async function endPrograms(): Promise<void> {
  ended = true
  await Promise.allSettled([...programs].map(async (program) => (await program).kill()))
}
