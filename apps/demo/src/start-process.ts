import { fork } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { imageNodeOptions } from '@ghostpost/local-services'

export interface DemoProcess {
  name: string
  pid: number
  exited: Promise<unknown>
  stop: () => Promise<void>
}

const stopMaxMs = 20_000

/**
 * Starts the API or the worker and waits until it is ready. Its log goes to the data folder. It runs in its own process
 * group, so that Ctrl-C does not reach it directly: the demo stops its parts in order. When the demo is killed, the IPC
 * channel closes and the process stops.
 */
export async function startProcess(
  name: 'api' | 'worker',
  repository: string,
  data: string,
  environment: Readonly<Record<string, string>>,
): Promise<DemoProcess> {
  const logFile = join(data, 'logs', `${name}.log`)
  // The process logs to a file: a pipe would break when the demo is killed, and the process could hang.
  const log = openSync(logFile, 'w')
  const child = fork(join(repository, 'apps', name, 'src/main.ts'), [], {
    env: { PATH: process.env['PATH'] ?? '', NODE_OPTIONS: imageNodeOptions, ...environment },
    stdio: ['ignore', log, log, 'ipc'],
    detached: true,
  })
  closeSync(log)
  const exited = once(child, 'exit')
  const ready = once(child, 'message').then(() => true)
  if (!(await Promise.race([ready, exited.then(() => false)]))) {
    const lastLines = (await readFile(logFile, 'utf8')).trim().split('\n').slice(-3).join('\n')
    throw new Error(`The ${name} did not start. Its last log lines: ${lastLines || 'none'}`)
  }
  const stop = async (): Promise<void> => {
    const force = setTimeout(() => child.kill('SIGKILL'), stopMaxMs)
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
    await exited
    clearTimeout(force)
  }
  return { name, pid: child.pid ?? 0, exited, stop }
}
