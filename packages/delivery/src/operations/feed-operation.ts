import { canarySize } from '../contract/operations.ts'
import type { DueDelivery } from '../deliver/due-delivery.ts'
import { creditAfter, hasCanaryPassed, membersPerStepMax, startableMembers } from './operation-pace.ts'
import type { FeedingOperation, FeedPorts } from './ports.ts'

/**
 * Runs one bounded step of an operation: starts as many members as its pace allows, judges its canary, cancels what
 * waits, or ends it. Call it in the transaction that holds the operation's lock.
 * @returns the deliveries that are due now, at most `membersPerStepMax`
 */
export async function feedOperation(
  operation: FeedingOperation,
  ports: FeedPorts,
): Promise<readonly DueDelivery[]> {
  if (operation.state === 'cancelled') return cancelRest(operation, ports)
  if (operation.canary === 'running') return judgeCanary(ports)
  const { started, ...counts } = await ports.countStarted()
  if (operation.allFed) {
    if (counts.waiting === 0) await ports.finish('completed')
    return []
  }
  const startable = startableMembers({
    ...operation,
    ...counts,
    left: operation.matched - operation.fed,
    canaryLeft: operation.canary === 'pending' ? canarySize - started : null,
  })
  return startable > 0 ? startMembers(operation, startable, ports) : []
}

/**
 * Cancels what waits and lists what never began, so that the ledger accounts for every member. Repeats until the last
 * running attempt has settled, because that attempt may schedule a retry.
 */
async function cancelRest(operation: FeedingOperation, ports: FeedPorts): Promise<readonly DueDelivery[]> {
  await ports.cancelWaiting(membersPerStepMax)
  const isListed = operation.allFed || (await listNeverBegun(operation, ports))
  const { waiting } = await ports.countStarted()
  if (isListed && waiting === 0) await ports.finish('cancelled')
  return []
}

/** Whether the ledger lists every member after this step. */
async function listNeverBegun(
  { cursor, fed, matched }: FeedingOperation,
  ports: FeedPorts,
): Promise<boolean> {
  const left = matched - fed
  if (left <= 0) return true
  const page = await ports.findMembers(cursor, Math.min(left, membersPerStepMax))
  await ports.listNeverBegun(page.members, fed)
  const listed = fed + page.members.length
  const allFed = page.isEnd || listed >= matched
  await ports.storeProgress({
    cursor: page.cursor,
    fed: listed,
    allFed,
    isCanaryStarted: false,
    creditMs: null,
  })
  return allFed
}

/** Decides once each member of the canary was attempted. A canary that fails pauses the operation. */
async function judgeCanary(ports: FeedPorts): Promise<readonly DueDelivery[]> {
  const counts = await ports.countCanary()
  const { started, tried, failed } = counts
  if (tried < started) return []
  await ports.storeCanary(
    hasCanaryPassed(counts)
      ? { canary: 'passed' }
      : { canary: 'failed', pauseReason: `canary: ${failed} of the first ${started} failed` },
  )
  return []
}

/** Starts members. Skipped members do not count as started, but they do count towards the limit of the step. */
async function startMembers(
  operation: FeedingOperation,
  startable: number,
  ports: FeedPorts,
): Promise<readonly DueDelivery[]> {
  const started: DueDelivery[] = []
  let { cursor, fed } = operation
  let allFed = fed >= operation.matched
  while (!allFed && started.length < startable && fed - operation.fed < membersPerStepMax) {
    const limit = Math.min(startable - started.length, operation.matched - fed)
    const page = await ports.findMembers(cursor, limit)
    started.push(...(await ports.startMembers(page.members, fed)))
    fed += page.members.length
    cursor = page.cursor
    allFed = page.isEnd || fed >= operation.matched
    if (page.members.length === 0) break
  }
  const { rate, creditMs } = operation
  await ports.storeProgress({
    cursor,
    fed,
    allFed,
    isCanaryStarted: operation.canary === 'pending' && (allFed || (await isCanaryFull(ports))),
    creditMs: started.length > 0 ? creditAfter(rate, creditMs, started.length) : null,
  })
  return started
}

async function isCanaryFull(ports: FeedPorts): Promise<boolean> {
  return (await ports.countStarted()).started >= canarySize
}
