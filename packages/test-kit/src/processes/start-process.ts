import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { forgetProcess, imageNodeOptions, rememberProcess } from '@ghostpost/local-services'

export interface RunningProcess {
  pid: number
  child: ChildProcess
  /** The first message of the process: it is ready. */
  readyMessage: unknown
  /** Standard output and standard error until now. */
  output: () => string
  /** Sends SIGTERM and waits for the end. Returns the exit code; null when a signal ended the process. */
  stop: () => Promise<number | null>
  /** Sends SIGKILL, which has the effect of a crash, and waits for the end. */
  kill: () => Promise<void>
}

/**
 * File of the app's program: its bundle if the global setup of the tests has built it, else its source. It is found by
 * path: the apps' own tests use this package.
 * @param preload modules loaded before it: they may change the program's modules, which a bundle does not load
 */
export function entryOf(app: 'api' | 'worker', preload: readonly string[] = []): string {
  const isBundled = process.env['GHOSTPOST_TEST_BUNDLES'] === 'true' && preload.length === 0
  const file = isBundled ? 'dist/programs/main.js' : 'src/main.ts'
  return fileURLToPath(new URL(`../../../../apps/${app}/${file}`, import.meta.url))
}

/** Node keeps compiled code here, so that a second start of the same program is faster. */
const compileCache = fileURLToPath(new URL('../../../../.data/compile-cache', import.meta.url))
const endWithParent = fileURLToPath(new URL('end-with-parent.ts', import.meta.url))

/**
 * Starts a program and waits for its ready message. The program sees only PATH, Node's options and `environment`.
 * It ends when this process ends. A NODE_OPTIONS in `environment` is added to the image's, and wins over them.
 * @param preload modules loaded before the program
 * @throws with the program's output when it exits before it is ready
 */
export async function startProcess(
  file: string,
  environment: Readonly<Record<string, string>>,
  preload: readonly string[] = [],
): Promise<RunningProcess> {
  const child = fork(file, [], {
    env: {
      PATH: process.env['PATH'] ?? '',
      NODE_COMPILE_CACHE: compileCache,
      ...environment,
      NODE_OPTIONS: `${imageNodeOptions} ${environment['NODE_OPTIONS'] ?? ''}`.trim(),
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: [endWithParent, ...preload].flatMap((module) => ['--import', module]),
  })
  const pid = child.pid ?? 0
  rememberProcess(pid)
  let written = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => void (written += String(chunk)))
  const exited = once(child, 'exit').finally(() => forgetProcess(pid))
  const ready = once(child, 'message').then(([message]: unknown[]) => ({ message }))
  const first = await Promise.race([ready, exited.then(() => null)])
  if (first === null) throw new Error(`The process ended instead of starting: ${written}`)
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    await exited
    return child.exitCode
  }
  return {
    pid,
    child,
    readyMessage: first.message,
    output: () => written,
    stop: () => end('SIGTERM'),
    kill: async () => void (await end('SIGKILL')),
  }
}

/** The address in the API's log line that reports where it listens; undefined before that line. */
export function listenAddressIn(log: string): string | undefined {
  return /Server listening at (http:\/\/[^"\s]+)/.exec(log)?.[1]
}
