import { typesWith, type WebhookType } from '../destinations/registry.ts'

/** What an alert rule can watch in a site. */
export const alertKinds = [
  'failure_rate',
  'dead_letters',
  'destination_disabled',
  'queue_age',
  'not_draining',
] as const

export type AlertKind = (typeof alertKinds)[number]

/** `resolved`: the rule has fired, and its condition no longer holds. */
export const alertStates = ['ok', 'firing', 'resolved'] as const

export type AlertState = (typeof alertStates)[number]

/** What a notification is about: the rule fires, it is resolved, or a user tests it. */
export const alertPhases = ['firing', 'resolved', 'test'] as const

export type AlertPhase = (typeof alertPhases)[number]

/** The destination types that take alerts. */
export const alertDestinationTypes: readonly WebhookType[] = typesWith(({ showsAlerts }) => showsAlerts)

/** What a rule watches, and when it fires. Null for settings that its kind does not have. */
interface AlertCondition {
  kind: AlertKind
  /** Percent, deliveries or seconds, by kind. */
  threshold: number | null
  windowSeconds: number | null
  /** With fewer deliveries in the window there is no rate. */
  minimumCount: number | null
  /** Only deliveries of this type count; null for all. */
  webhookType: WebhookType | null
  /** Only deliveries to this saved destination count; null for all. */
  watchedDestinationId: string | null
}

export interface AlertRule extends AlertCondition {
  id: string
  name: string
  siteId: number
  siteName: string
}

interface Bounds {
  default: number
  min: number
  max: number
}

interface KindTraits {
  threshold: Bounds | null
  windowSeconds: Bounds | null
  minimumCount: Bounds | null
}

const windowBounds: Bounds = { default: 900, min: 60, max: 86_400 }

/** The limits of each kind; null for a limit that it does not have. */
export const alertTraits: Readonly<Record<AlertKind, KindTraits>> = {
  failure_rate: {
    threshold: { default: 20, min: 0.1, max: 100 },
    windowSeconds: windowBounds,
    minimumCount: { default: 20, min: 1, max: 10_000 },
  },
  dead_letters: {
    threshold: { default: 10, min: 1, max: 100_000 },
    windowSeconds: windowBounds,
    minimumCount: null,
  },
  destination_disabled: { threshold: null, windowSeconds: null, minimumCount: null },
  queue_age: { threshold: { default: 300, min: 1, max: 604_800 }, windowSeconds: null, minimumCount: null },
  not_draining: {
    threshold: { default: 100, min: 1, max: 100_000 },
    // A shorter window would have too few samples.
    windowSeconds: { ...windowBounds, min: 300 },
    minimumCount: null,
  },
}

const limitNames = ['threshold', 'windowSeconds', 'minimumCount'] as const

type LimitName = (typeof limitNames)[number]

/** The limits that a user gives. The others get the defaults of the kind. */
export type AlertLimitsInput = { [Name in LimitName]?: number | undefined }

export type AlertLimits = Pick<AlertCondition, LimitName>

export type AlertLimitsResult =
  | { ok: true; limits: AlertLimits }
  | { ok: false; limit: LimitName; expected: string }

/** The limits of a rule of this kind, or the first limit that is out of bounds. */
export function readAlertLimits(kind: AlertKind, input: AlertLimitsInput): AlertLimitsResult {
  const limits: AlertLimits = { threshold: null, windowSeconds: null, minimumCount: null }
  for (const name of limitNames) {
    const bounds = alertTraits[kind][name]
    const value = input[name] ?? bounds?.default ?? null
    const expected = expectedRange(kind, bounds, value)
    if (expected !== null) return { ok: false, limit: name, expected }
    limits[name] = value
  }
  return { ok: true, limits }
}

function expectedRange(kind: AlertKind, bounds: Bounds | null, value: number | null): string | null {
  if (value === null) return null
  if (bounds === null) return `no value, because ${kind} has no such limit`
  const { min, max } = bounds
  return value >= min && value <= max ? null : `from ${min} to ${max} for ${kind}`
}
