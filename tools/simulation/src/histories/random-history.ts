import { typesWith, webhookTypes, type WebhookType } from '@ghostpost/delivery/destinations'
import { seededChoices, type Choices } from '../schedule/index.ts'
import { reactions, type Reaction } from '../stores/index.ts'
import type { Action, DestinationSetup, History, RuleSetup } from './history.ts'

export interface HistorySize {
  exports: number
  /** The time in which callers make their calls, in milliseconds. */
  durationMs: number
}

const sites = [1, 2]
const visitorsPerSite = 6
const alertTypes = typesWith(({ showsAlerts }) => showsAlerts)
const openEndMs = 20_000

/** A history of a seed: exports of all types, manual actions, operations, erasures and alert rules. */
export function randomHistory(seed: number, { exports, durationMs }: HistorySize): History {
  const choices = seededChoices(seed)
  const destinations = sites.flatMap((siteId) => destinationsOf(siteId, choices))
  const atMs = (name: string): number => choices.between(`${name} at`, 0, durationMs)
  const made = Array.from({ length: exports }, (_, index) =>
    exportOf(`e${index}`, choices, destinations, atMs(`e${index}`)),
  )
  const actions = [
    ...made,
    ...made.flatMap((one) => followUps(one, choices)),
    ...destinations.flatMap((one) => pauseOf(one.id, choices, atMs(one.id))),
    ...sites.flatMap((siteId) => operationOf(siteId, choices, destinations, durationMs)),
    ...erasuresOf(choices, durationMs),
  ]
  return {
    seed,
    visitors: sites.flatMap((siteId) =>
      Array.from({ length: visitorsPerSite }, (_, index) => ({ siteId, ghostVid: vidOf(siteId, index) })),
    ),
    destinations,
    rules: sites.flatMap((siteId) => rulesOf(siteId, choices)),
    actions: actions.toSorted((one, other) => one.atMs - other.atMs),
    faults: [],
    workers: 2,
    apis: 2,
  }
}

function vidOf(siteId: number, index: number): string {
  return `gv_${siteId}_${index}`
}

function destinationsOf(siteId: number, choices: Choices): DestinationSetup[] {
  return [0, 1]
    .map((index) => {
      const id = `dest-${siteId}-${index}`
      return { id, siteId, webhookType: choices.pick(id, webhookTypes) }
    })
    .concat({ id: `alerts-${siteId}`, siteId, webhookType: choices.pick(`alerts ${siteId}`, alertTypes) })
}

function rulesOf(siteId: number, choices: Choices): RuleSetup[] {
  const destinationId = `alerts-${siteId}`
  const threshold = choices.between(`threshold ${siteId}`, 1, 3)
  return [
    { id: `dead-${siteId}`, siteId, kind: 'dead_letters', threshold, destinationId },
    { id: `gone-${siteId}`, siteId, kind: 'destination_disabled', threshold: 1, destinationId },
  ]
}

type Export = Extract<Action, { kind: 'export' }>

function exportOf(
  id: string,
  choices: Choices,
  destinations: readonly DestinationSetup[],
  atMs: number,
): Export {
  const siteId = choices.pick(`${id} site`, sites)
  const ghostVid = vidOf(siteId, choices.between(`${id} visitor`, 0, visitorsPerSite - 1))
  const saved = destinations.filter((one) => one.siteId === siteId && one.id.startsWith('dest'))
  const isSaved = choices.fraction(`${id} saved`) < 0.4
  const to = isSaved
    ? { destinationId: choices.pick(`${id} destination`, saved).id }
    : { webhookType: choices.pick<WebhookType>(`${id} type`, webhookTypes) }
  const hasKey = choices.fraction(`${id} key`) < 0.6
  return { kind: 'export', id, atMs, siteId, ghostVid, to, hasKey, reactions: reactionsOf(id, choices) }
}

/** Most requests are accepted; the others react in every way, and `gone` rarely, because it disables a destination. */
function reactionsOf(id: string, choices: Choices): Reaction[] {
  const length = choices.pick(`${id} reactions`, [0, 0, 0, 1, 1, 2, 3, 6])
  return Array.from({ length }, (_, index) => {
    const reaction = choices.pick(`${id} reaction ${index}`, reactions)
    const isKept = reaction !== 'gone' || choices.fraction(`${id} gone ${index}`) < 0.2
    return isKept ? reaction : 'unavailable'
  })
}

/** What callers do with a delivery after they made it. */
function followUps(made: Export, choices: Choices): Action[] {
  const { id } = made
  const atMs = made.atMs + choices.between(`${id} later`, 500, 90_000)
  const draw = choices.fraction(`${id} follow-up`)
  if (draw < 0.1 && made.hasKey) return [{ kind: 'again', of: id, atMs }]
  if (draw < 0.25) return [{ kind: 'resend', of: id, isConfirmed: draw < 0.2, atMs }]
  if (draw < 0.3)
    return [{ kind: 're-export', id: `r${id}`, of: id, atMs, reactions: reactionsOf(`r${id}`, choices) }]
  if (draw < 0.4) return [{ kind: 'cancel', of: id, atMs: made.atMs + (atMs - made.atMs) / 20 }]
  const { siteId, ghostVid } = made
  return draw < 0.45 ? [{ kind: 'visit', siteId, ghostVid, atMs }] : []
}

function pauseOf(of: string, choices: Choices, atMs: number): Action[] {
  if (choices.fraction(`${of} paused`) > 0.4) return []
  const endMs = atMs + choices.between(`${of} pause`, 1_000, openEndMs)
  return [
    { kind: 'pause-destination', of, atMs },
    { kind: 'resume-destination', of, atMs: endMs },
  ]
}

function operationOf(
  siteId: number,
  choices: Choices,
  destinations: readonly DestinationSetup[],
  durationMs: number,
): Action[] {
  const id = `op${siteId}`
  if (choices.fraction(`${id} exists`) > 0.7) return []
  const operation = choices.pick(id, ['resend', 're_export', 'export'] as const)
  const select =
    operation === 'export' ? 'visitors' : choices.pick(`${id} select`, ['failed', 'finished'] as const)
  const own = destinations.filter((one) => one.siteId === siteId && one.id.startsWith('dest'))
  const atMs = durationMs / 2 + choices.between(`${id} at`, 0, durationMs)
  const start: Action = {
    kind: 'operation',
    id,
    atMs,
    siteId,
    operation,
    select,
    destinationId: operation === 'export' ? choices.pick(`${id} to`, own).id : null,
    rate: choices.pick(`${id} rate`, [1, 5, 50]),
    canary: choices.fraction(`${id} canary`) < 0.5,
    reactions: reactionsOf(id, choices),
  }
  return [start, ...operationChanges(id, choices, atMs)]
}

/** Always resumes: a canary may have paused the operation. */
function operationChanges(of: string, choices: Choices, atMs: number): Action[] {
  const isPaused = choices.fraction(`${of} paused`) < 0.4
  const isCancelled = choices.fraction(`${of} cancelled`) < 0.4
  const afterMs = choices.between(`${of} changed`, 500, openEndMs)
  return [
    ...(isPaused ? [{ kind: 'pause-operation', of, atMs: atMs + afterMs / 2 } as const] : []),
    ...(isCancelled ? [{ kind: 'cancel-operation', of, atMs: atMs + afterMs } as const] : []),
    { kind: 'resume-operation', of, atMs: atMs + 60_000 },
  ]
}

function erasuresOf(choices: Choices, durationMs: number): Action[] {
  return sites.flatMap((siteId) =>
    [0, 1].map((index) => ({
      kind: 'erase' as const,
      siteId,
      ghostVid: vidOf(siteId, index),
      atMs: choices.between(`erase ${siteId} ${index}`, durationMs / 4, durationMs + openEndMs),
    })),
  )
}
