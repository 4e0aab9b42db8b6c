import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('log/main.ts', import.meta.url))

/**
 * Runs the benchmark of the delivery log in its own process with its own stores, and prints its lines.
 * @returns its exit code: 0 when every target was met
 */
export async function runLogBench(deliveries: number, signal: AbortSignal): Promise<number> {
  const child = spawn(process.execPath, [program, '--deliveries', String(deliveries)], { stdio: 'inherit' })
  const stop = (): void => void child.kill('SIGTERM')
  signal.addEventListener('abort', stop)
  const [code]: [number | null] = (await once(child, 'exit')) as [number | null]
  signal.removeEventListener('abort', stop)
  return code ?? 1
}
