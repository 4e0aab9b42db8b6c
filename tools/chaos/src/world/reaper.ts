import { rmSync } from 'node:fs'
import { createInterface } from 'node:readline'

/**
 * A process that outlives the fault suite: it reads which processes the suite has started, and kills what is left when
 * the suite ends in any way, SIGKILL included. Lines: `+pid`, `-pid`, and `folder path` of what to remove.
 */
const pids = new Set<number>()
let folder: string | null = null

// A terminal sends Ctrl-C to the whole group; this process waits for the end of the suite.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})

for await (const line of createInterface({ input: process.stdin })) {
  if (line.startsWith('+')) pids.add(Number(line.slice(1)))
  else if (line.startsWith('-')) pids.delete(Number(line.slice(1)))
  else if (line.startsWith('folder ')) folder = line.slice('folder '.length)
}
for (const pid of pids) {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has exited.
  }
}
if (folder !== null) rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
