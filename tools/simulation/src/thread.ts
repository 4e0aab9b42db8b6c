import { parentPort } from 'node:worker_threads'
import { runTask, type Task } from './tasks.ts'

/** The program of a thread: does one task after the other. */
parentPort?.on('message', (task: Task) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  void runTask(task).then((result) => parentPort?.postMessage(result))
})
