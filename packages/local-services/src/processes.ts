import { readFile, readlink } from 'node:fs/promises'

/** True while a process with this id exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // The process belongs to another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/**
 * Start time of a process in clock ticks, which distinguishes a reused id; null on a system without /proc.
 */
export async function processStartTime(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  // The name in parentheses may contain spaces; the start time is the 20th field after it.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
}

/** Working folder of a process; null on a system without /proc. */
export function workingFolder(pid: number): Promise<string | null> {
  return readlink(`/proc/${pid}/cwd`).catch(() => null)
}

const pauseMs = 20

/** Sends a signal and waits for the end of the process; sends SIGKILL after `timeoutMs`. */
export async function endProcess(pid: number, signal: NodeJS.Signals, timeoutMs: number): Promise<void> {
  sendSignal(pid, signal)
  const deadline = Date.now() + timeoutMs
  while (isAlive(pid) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, pauseMs))
  if (!isAlive(pid)) return
  sendSignal(pid, 'SIGKILL')
  while (isAlive(pid) && Date.now() < deadline + timeoutMs)
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // The process has exited already.
  }
}
