import { startProcess, type RunningProcess } from '../start-process.ts'

const running = new Set<RunningProcess>()
let ended = false

/** As `startProcess`; what was not stopped by the end is ended then. */
export async function startProgram(
  file: string,
  environment: Readonly<Record<string, string>>,
): Promise<RunningProcess> {
  const started = await startProcess(file, environment)
  running.add(started)
  if (ended) await started.kill()
  started.child.once('exit', () => running.delete(started))
  return started
}

/** Ends all that still runs, whatever it is doing, and what is only just starting. */
export async function endPrograms(): Promise<void> {
  ended = true
  await Promise.all([...running].map((program) => program.kill()))
}
