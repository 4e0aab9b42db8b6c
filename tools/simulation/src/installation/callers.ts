import type { Action, History } from '../histories/index.ts'
import { StoreLost, type Life } from '../processes/index.ts'
import { runStatement } from '../stores/index.ts'
import { handleExport } from './export-call.ts'
import type { Installation } from './installation.ts'
import {
  handleCancel,
  handleDestinationChange,
  handleErase,
  handleReExport,
  handleResend,
  handleVisit,
} from './manual-calls.ts'
import { handleOperation, handleOperationChange } from './operation-calls.ts'
import type { CallerResponse, Reply } from './responses.ts'

export interface Callers {
  responses: CallerResponse[]
  /** Actions that have not ended. */
  open: () => number
}

const repeatAfterMs = 3_000
const repeatsMax = 8
/** Callers find no running API for a while when all are ended. */
const noApiWaitMs = 500

/** Performs the actions of a history. A caller goes to an API that runs, as a load balancer does. */
export function startCallers(installation: Installation, { actions }: History): Callers {
  const { world } = installation
  const responses: CallerResponse[] = []
  let open = actions.length
  const exports = new Map(actions.flatMap((one) => (one.kind === 'export' ? [[one.id, one] as const] : [])))
  for (const [index, action] of actions.entries()) {
    const caller = { installation, exports, responses, name: `call ${index}` }
    const startMs = world.scheduler.nowMs() + action.atMs
    world.scheduler.at(startMs, () => perform(caller, action, () => (open -= 1)))
  }
  return { responses, open: () => open }
}

interface Caller {
  installation: Installation
  exports: ReadonlyMap<string, Extract<Action, { kind: 'export' }>>
  responses: CallerResponse[]
  /** Chooses the API. */
  name: string
}

function perform(caller: Caller, action: Action, onDone: () => void, tries = 1): void {
  const { world, apis } = caller.installation
  const { scheduler, choices } = world
  const lives = apis.flatMap((api) => api.life() ?? []).filter((life) => !life.isFrozen())
  if (lives.length === 0) {
    scheduler.at(scheduler.nowMs() + noApiWaitMs, () => perform(caller, action, onDone, tries))
    return
  }
  const life = choices.pick(`${caller.name} ${tries}`, lives)
  call(caller, life, action, (response) => {
    caller.responses.push(response)
    const isServed = response.status !== null && response.status < 503
    if (isServed || !isRepeatable(caller, action) || tries >= repeatsMax) onDone()
    else scheduler.at(scheduler.nowMs() + repeatAfterMs, () => perform(caller, action, onDone, tries + 1))
  })
}

/** A call that would do the same twice is not repeated without a response. */
function isRepeatable(caller: Caller, action: Action): boolean {
  if (action.kind === 'export') return action.hasKey
  if (action.kind === 'again') return caller.exports.get(action.of)?.hasKey ?? false
  return !['resend', 're-export', 'operation', 'visit'].includes(action.kind)
}

/** Makes one call. The caller sees no response when the process ends before it responds. */
function call(
  caller: Caller,
  life: Life,
  action: Action,
  onResponse: (response: CallerResponse) => void,
): void {
  const { world } = caller.installation
  const sentAtMs = world.scheduler.nowMs()
  let isDone = false
  const respond = (reply: Partial<Reply>): void => {
    if (isDone) return
    isDone = true
    forget()
    const { status = null, deliveryId = null, inFlight = 0 } = reply
    const about = { ...aboutOf(caller, action), kind: action.kind, status, deliveryId, inFlight }
    world.trace.add(`${world.scheduler.nowMs()} ${caller.name} ${about.subject} ${status} ${deliveryId}`)
    onResponse({ ...about, sentAtMs, atMs: world.scheduler.nowMs() })
  }
  const forget = life.onEnd(() => respond({}))
  handle(caller, life, action).then(respond, (error: unknown) => respond(replyOfError(caller, error)))
}

function replyOfError({ installation: { world } }: Caller, error: unknown): Reply {
  const isLost = error instanceof StoreLost
  if (!isLost) world.crashes.push(String(error))
  return { status: isLost && !world.hasBug('store-error-is-internal') ? 503 : 500 }
}

function aboutOf({ exports }: Caller, action: Action): Pick<CallerResponse, 'subject' | 'hasKey'> {
  if (action.kind === 'export') return { subject: action.id, hasKey: action.hasKey }
  if (action.kind === 'again') return { subject: action.of, hasKey: exports.get(action.of)?.hasKey ?? false }
  if ('of' in action) return { subject: action.of, hasKey: false }
  return { subject: 'id' in action ? action.id : `${action.siteId} ${action.ghostVid}`, hasKey: false }
}

async function handle(caller: Caller, life: Life, action: Action): Promise<Reply> {
  const { installation, exports } = caller
  switch (action.kind) {
    case 'export':
      return handleExport(installation, life, action)
    case 'again': {
      const first = exports.get(action.of)
      return first ? handleExport(installation, life, first) : { status: 404 }
    }
    case 'resend':
    case 're-export':
    case 'cancel':
      return handleManual(caller, life, action)
    case 'erase':
      return handleErase(installation, life, action)
    case 'visit':
      return handleVisit(installation, life, action)
    case 'pause-destination':
    case 'resume-destination':
      return handleDestinationChange(installation, life, action)
    case 'operation':
      return handleOperation(installation, life, action)
    case 'pause-operation':
    case 'resume-operation':
    case 'cancel-operation':
      return handleOperationChange(installation, life, action)
  }
}

/** A person acts on a delivery that the log shows. */
async function handleManual(
  { installation }: Caller,
  life: Life,
  action: Extract<Action, { kind: 'resend' | 're-export' | 'cancel' }>,
): Promise<Reply> {
  const { deliveries } = installation.database
  const deliveryId = runStatement((transaction) =>
    deliveries.all(transaction).find((row) => row.deliveryId.startsWith(`${action.of}.`)),
  )?.deliveryId
  if (deliveryId === undefined) return { status: 404 }
  if (action.kind === 'resend') return handleResend(installation, life, action, deliveryId)
  if (action.kind === 'cancel') return handleCancel(installation, life, deliveryId)
  return handleReExport(installation, life, action, deliveryId)
}
