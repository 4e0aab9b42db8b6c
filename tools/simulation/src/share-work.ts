import { Worker } from 'node:worker_threads'
import type { Task, TaskResult } from './tasks.ts'

/**
 * Shares tasks between threads. Each thread takes the next task when it has done one.
 * @param timeoutMs no task starts later than this; null for no limit
 * @param onResult called with each result at once
 */
export async function shareWork(
  threads: number,
  tasks: Iterable<Task>,
  timeoutMs: number | null,
  onResult: (result: TaskResult) => void = () => {},
): Promise<TaskResult[]> {
  const next = tasks[Symbol.iterator]()
  const results: TaskResult[] = []
  const untilMs = performance.now() + (timeoutMs ?? Infinity)
  const take = (): Task | null => {
    if (performance.now() > untilMs) return null
    const { value, done } = next.next()
    return done ? null : value
  }
  await Promise.all(
    Array.from({ length: threads }, () =>
      runThread(take, (result) => {
        results.push(result)
        onResult(result)
      }),
    ),
  )
  return results
}

function runThread(take: () => Task | null, onResult: (result: TaskResult) => void): Promise<void> {
  const worker = new Worker(new URL('thread.ts', import.meta.url))
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const giveNext = (): void => {
    const task = take()
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    if (task) worker.postMessage(task)
    else void worker.terminate().then(() => resolve(), reject)
  }
  worker.on('error', reject)
  worker.on('message', (result: TaskResult) => {
    onResult(result)
    giveNext()
  })
  giveNext()
  return promise
}
