import { spawn } from 'node:child_process'
import { endProcess } from './processes.ts'
import { forgetProcess, rememberProcess } from './started-processes.ts'

export interface Server {
  pid: number
  /** Resolves when the server has exited or could not be started. */
  exited: Promise<unknown>
  /** The last 4,000 characters of its output. */
  lastOutput: () => string
}

export interface ServerCommand {
  command: string
  args: readonly string[]
  cwd: string
  env?: Readonly<Record<string, string>>
}

const outputBytesMax = 4_000
const readyMaxMs = 30_000
const pauseMs = 25

/**
 * Starts a server and waits until `probe` returns true. The server has its own process group: a terminal sends Ctrl-C
 * only to the starter, which stops its servers in order.
 * @throws with the server's last output when it exits or is not ready within 30 s
 */
export async function startServer(
  name: string,
  server: ServerCommand,
  probe: () => Promise<boolean>,
): Promise<Server> {
  const child = spawn(server.command, server.args, {
    cwd: server.cwd,
    env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', ...server.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const pid = child.pid ?? 0
  if (pid !== 0) rememberProcess(pid)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => void (output = (output + String(chunk)).slice(-outputBytesMax)))
  }
  let hasEnded = false
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', (error) => {
      output += error.message
      resolve()
    })
  }).finally(() => {
    hasEnded = true
    forgetProcess(pid)
  })
  const deadline = Date.now() + readyMaxMs
  while (!(await probe())) {
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
    if (!hasEnded && Date.now() < deadline) continue
    if (pid !== 0 && !hasEnded) await endProcess(pid, 'SIGKILL', 1_000)
    throw new Error(`${name} did not start. Its output: ${output.trim() || 'none'}`)
  }
  return { pid, exited, lastOutput: () => output }
}
