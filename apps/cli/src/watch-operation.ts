import { setTimeout } from 'node:timers/promises'
import { ApiProblem, ApiUnreachable, orThrow, type OperationView } from '@ghostpost/client'
import type { Context } from './define-command.ts'
import { countsOf } from './describe-operation.ts'
import { openProgress, type Progress } from './draw-progress.ts'
import { exitCodes } from './exit-codes.ts'

const lookEveryMs = 500
/** Looks in a row that may fail while the API is away or busy: about half a minute. */
const failedLooksMax = 15
const afterFailedLookMs = 2_000

interface Watched {
  operation: OperationView
  exitCode: number
}

/** Watches an operation until it ends, is paused, or somebody presses Ctrl-C, which ends the watching only. */
export async function watchOperation(context: Context<object>, id: string): Promise<Watched> {
  const ending = new AbortController()
  const release = context.onInterrupt(() => ending.abort())
  const progress = openProgress(context)
  try {
    const operation = await followed(context, id, progress, ending.signal)
    progress.stop()
    return { operation, exitCode: tellEnd(context, operation, ending.signal.aborted) }
  } finally {
    progress.stop()
    release()
  }
}

async function followed(
  context: Context<object>,
  id: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<OperationView> {
  let failedLooks = 0
  for (;;) {
    try {
      const operation = await orThrow(
        context.client().GET('/api/operations/{id}', { params: { path: { id } } }),
      )
      failedLooks = 0
      progress.show(operation)
      if (operation.state !== 'running' || signal.aborted) return operation
    } catch (error) {
      failedLooks += 1
      if (!isPassing(error) || failedLooks > failedLooksMax || signal.aborted) throw error
    }
    await setTimeout(failedLooks > 0 ? afterFailedLookMs : lookEveryMs, null, { signal }).catch(() => null)
  }
}

/** The operation goes on meanwhile. */
function isPassing(error: unknown): boolean {
  if (error instanceof ApiProblem) return error.status === 429 || error.status >= 500
  return error instanceof ApiUnreachable
}

function tellEnd({ output }: Context<object>, operation: OperationView, isInterrupted: boolean): number {
  const { operation_id: id, state, state_reason: reason, counts } = operation
  if (state === 'running' && isInterrupted) {
    output.note('Stopped watching. The operation goes on.')
    output.note(`  watch it again: ghostpost operations watch ${id}`)
    output.note(`  end it:         ghostpost operations cancel ${id}`)
    return exitCodes.interrupted
  }
  output.note(`The operation is ${state}${reason === null ? '' : ` (${reason})`}: ${countsOf(operation)}.`)
  if (state === 'paused') output.note(`  let it go on: ghostpost operations resume ${id}`)
  if (counts.failed > 0) output.note(`  which failed: ghostpost operations items ${id} --outcome failed`)
  if (counts.skipped > 0)
    output.note(`  which were skipped: ghostpost operations items ${id} --outcome skipped`)
  return state === 'completed' && counts.failed === 0 ? exitCodes.ok : exitCodes.failed
}
