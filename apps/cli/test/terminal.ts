import { PassThrough } from 'node:stream'
import type { ProcessIo } from '../src/process-io.ts'

export interface Terminal extends ProcessIo {
  stdin: PassThrough & { isTTY: boolean }
  /** Everything written to stderr. */
  shown: () => string
  /** Everything written to stdout. */
  results: () => string
  pressCtrlC: () => void
}

/** Creates streams that the program takes for a terminal. */
export function openTerminal(env: ProcessIo['env']): Terminal {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const written = { stdout: '', stderr: '' }
  stdout.on('data', (chunk) => void (written.stdout += String(chunk)))
  stderr.on('data', (chunk) => void (written.stderr += String(chunk)))
  const listeners = new Set<() => void>()
  return {
    env,
    stdin: Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {} }),
    stdout,
    stderr: Object.assign(stderr, {
      isTTY: true,
      columns: 120,
      rows: 40,
      cursorTo: () => true,
      clearLine: () => true,
    }),
    onInterrupt: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    shown: () => written.stderr,
    results: () => written.stdout,
    pressCtrlC: () => listeners.forEach((listener) => listener()),
  }
}
