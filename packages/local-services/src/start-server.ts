import { spawn } from 'node:child_process'
import { endProcess } from './processes.ts'

export interface Server {
  pid: number
  /** Resolves when it has ended, by whatever cause. */
  exited: Promise<unknown>
  /** The last lines it wrote. */
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
 * Starts a server in a process group of its own: a terminal's Ctrl-C reaches its owner first, who stops things in
 * order. Waits until `probe` succeeds.
 * @throws with the server's last words when it ends or is not ready within 30 s
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
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => void (output = (output + String(chunk)).slice(-outputBytesMax)))
  }
  let ended = false
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', (error) => {
      output += error.message
      resolve()
    })
  }).finally(() => {
    ended = true
  })
  const deadline = Date.now() + readyMaxMs
  while (!(await probe())) {
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
    if (!ended && Date.now() < deadline) continue
    if (child.pid !== undefined && !ended) await endProcess(child.pid, 'SIGKILL', 1_000)
    throw new Error(`${name} did not start. It said: ${output.trim() || 'nothing'}`)
  }
  return { pid: child.pid ?? 0, exited, lastOutput: () => output }
}
