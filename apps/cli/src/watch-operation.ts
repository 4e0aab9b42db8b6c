import { setTimeout } from 'node:timers/promises'
import { ApiProblem, ApiUnreachable, orThrow, type OperationView } from '@ghostpost/client'
import type { Context } from './define-command.ts'
import { formatCounts } from './format-operation.ts'
import { openProgress, type Progress } from './draw-progress.ts'
import { exitCodes } from './exit-codes.ts'

const pollMs = 500
/** Consecutive failed polls until the command gives up: about half a minute. */
const failedPollsMax = 15
const failedPollDelayMs = 2_000

interface WatchResult {
  operation: OperationView
  exitCode: number
}

/** Watches an operation until it ends or pauses. Ctrl-C stops only the watching, not the operation. */
export async function watchOperation(context: Context<object>, id: string): Promise<WatchResult> {
  const ending = new AbortController()
  const release = context.onInterrupt(() => ending.abort())
  const progress = openProgress(context)
  try {
    const operation = await pollUntilEnd(context, id, progress, ending.signal)
    progress.stop()
    return { operation, exitCode: reportEnd(context, operation, ending.signal.aborted) }
  } finally {
    progress.stop()
    release()
  }
}

async function pollUntilEnd(
  context: Context<object>,
  id: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<OperationView> {
  let failedPolls = 0
  for (;;) {
    try {
      const operation = await orThrow(
        context.client().GET('/api/operations/{id}', { params: { path: { id } } }),
      )
      failedPolls = 0
      progress.show(operation)
      if (operation.state !== 'running' || signal.aborted) return operation
    } catch (error) {
      failedPolls += 1
      if (!isTransient(error) || failedPolls > failedPollsMax || signal.aborted) throw error
    }
    await setTimeout(failedPolls > 0 ? failedPollDelayMs : pollMs, null, { signal }).catch(() => null)
  }
}

/** Whether polling may succeed later; the operation continues in the meantime. */
function isTransient(error: unknown): boolean {
  if (error instanceof ApiProblem) return error.status === 429 || error.status >= 500
  return error instanceof ApiUnreachable
}

function reportEnd({ output }: Context<object>, operation: OperationView, isInterrupted: boolean): number {
  const { operation_id: id, state, state_reason: reason, counts } = operation
  if (state === 'running' && isInterrupted) {
    output.note('Stopped watching. The operation continues.')
    output.note(`  watch again: ghostpost operations watch ${id}`)
    output.note(`  cancel:      ghostpost operations cancel ${id}`)
    return exitCodes.interrupted
  }
  output.note(
    `The operation is ${state}${reason === null ? '' : ` (${reason})`}: ${formatCounts(operation)}.`,
  )
  if (state === 'paused') output.note(`  resume: ghostpost operations resume ${id}`)
  if (counts.failed > 0) output.note(`  failed members: ghostpost operations items ${id} --outcome failed`)
  if (counts.skipped > 0) output.note(`  skipped members: ghostpost operations items ${id} --outcome skipped`)
  return state === 'completed' && counts.failed === 0 ? exitCodes.ok : exitCodes.failed
}
