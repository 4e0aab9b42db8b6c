import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export interface RunningProcess {
  pid: number
  child: ChildProcess
  /** The message by which it said that it is ready. */
  readyMessage: unknown
  /** All it wrote so far, for tests on what must not be in a log. */
  output: () => string
  /** Asks it to stop and waits; returns the exit code. */
  stop: () => Promise<number | null>
  /** Ends it as a crash would. */
  kill: () => Promise<void>
}

/** The program of an app. */
export function entryOf(app: 'api' | 'worker'): string {
  return fileURLToPath(import.meta.resolve(`@ghostpost/${app}/main`))
}

/** What the Dockerfile sets. */
const imageNodeOptions = '--max-semi-space-size=8 --max-old-space-size=128 --v8-pool-size=1'

/**
 * Starts a program of ours with this environment and nothing else of ours, and waits until it says that it is ready.
 * @param preload modules loaded before it
 */
export async function startProcess(
  file: string,
  environment: Readonly<Record<string, string>>,
  preload: readonly string[] = [],
): Promise<RunningProcess> {
  const path = process.env['PATH'] ?? ''
  const child = fork(file, [], {
    env: { PATH: path, NODE_OPTIONS: imageNodeOptions, ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: preload.flatMap((module) => ['--import', module]),
  })
  let written = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => void (written += String(chunk)))
  const exited = once(child, 'exit')
  const ready = once(child, 'message').then(([readyMessage]: unknown[]) => ({ greeting: readyMessage }))
  const first = await Promise.race([ready, exited.then(() => null)])
  if (first === null) throw new Error(`The process ended instead of starting: ${written}`)
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    await exited
    return child.exitCode
  }
  return {
    pid: child.pid ?? 0,
    child,
    readyMessage: first.greeting,
    output: () => written,
    stop: () => end('SIGTERM'),
    kill: async () => void (await end('SIGKILL')),
  }
}

/** The address an API says it listens at. */
export function listenAddressIn(log: string): string | undefined {
  return /Server listening at (http:\/\/[^"\s]+)/.exec(log)?.[1]
}
