import { endProcess } from './processes.ts'

const killMaxMs = 5_000
const pids = new Set<number>()
type Watcher = (pid: number, isRunning: boolean) => void
const watchers = new Set<Watcher>()

/** Remembers a process that this one started. Call `forgetProcess` when it has exited. */
export function rememberProcess(pid: number): void {
  pids.add(pid)
  for (const watch of watchers) watch(pid, true)
}

/** The system may give the id of an exited process to another one. */
export function forgetProcess(pid: number): void {
  pids.delete(pid)
  for (const watch of watchers) watch(pid, false)
}

/** Calls `watch` whenever this process starts another one, and when that one has exited. */
export function watchStartedProcesses(watch: Watcher): void {
  watchers.add(watch)
}

/** Kills every remembered process and waits for its end. Returns their ids. */
export async function killStartedProcesses(): Promise<number[]> {
  const left = [...pids]
  await Promise.all(left.map((pid) => endProcess(pid, 'SIGKILL', killMaxMs)))
  for (const pid of left) forgetProcess(pid)
  return left
}

/** Sends SIGKILL to every remembered process without waiting, for the exit hook of a process. */
export function signalStartedProcesses(): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has exited already.
    }
  }
}
