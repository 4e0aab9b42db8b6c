import { readFile, readlink } from 'node:fs/promises'

/** True when a process with this id lives. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // A process of another user lives, too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** When a process started, as the system counts it; null where the system does not tell. Tells a reused id apart. */
export async function processStartTime(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  // The name in parentheses may hold spaces; start time is the 22nd field, the 20th after it.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
}

/** The folder a process works in; null where the system does not tell. */
export function workingFolder(pid: number): Promise<string | null> {
  return readlink(`/proc/${pid}/cwd`).catch(() => null)
}

const pauseMs = 20

/** Signals a process and waits for its end; kills it when it takes longer than `timeoutMs`. */
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
    // It has ended meanwhile, which is what we want.
  }
}
