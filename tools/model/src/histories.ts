import * as fc from 'fast-check'
import {
  isClaimable,
  isClaimed,
  isFinished,
  isInterrupted,
  type Delivery,
  type Model,
  type Worker,
} from './model.ts'
import type { AttemptEnd, Race, Step } from './steps.ts'

/** A step before it is known what exists: its numbers choose among what the model has. */
export type Draft =
  | { kind: 'step'; name: Step['kind']; a: number; b: number; c: number; end: AttemptEnd }
  | { kind: 'race'; first: Draft; second: Draft; delivery: number }

const end: fc.Arbitrary<AttemptEnd> = fc.oneof(
  fc.constant<AttemptEnd>({ to: 'delivered' }),
  fc.record({ to: fc.constant('failed' as const), unknown: fc.boolean() }),
  fc.record({ to: fc.constant('retrying' as const), days: fc.nat({ max: 2 }), unknown: fc.boolean() }),
)

/** How often each step occurs. Steps without an effect on an empty system are rare at its start by themselves. */
const weights: Readonly<Record<Step['kind'], number>> = {
  save: 5,
  claim: 9,
  'store payload': 4,
  record: 7,
  release: 3,
  'record interruption': 3,
  'expire claims': 1,
  sweep: 2,
  resend: 3,
  're-export': 1,
  cancel: 2,
  erase: 1,
  prune: 1,
  'pause destination': 1,
  'resume destination': 1,
  'start operation': 2,
  feed: 4,
  'pause operation': 1,
  'resume operation': 1,
  'cancel operation': 1,
  pass: 4,
}

/** These concern one delivery or its visitor, so that two of them can meet. */
const racing: readonly Step['kind'][] = [
  'save',
  're-export',
  'claim',
  'record',
  'release',
  'record interruption',
  'expire claims',
  'resend',
  'cancel',
  'erase',
  'sweep',
  'prune',
  'feed',
]

const draftOf = (name: fc.Arbitrary<Step['kind']>): fc.Arbitrary<Draft> =>
  fc.record({ kind: fc.constant('step' as const), name, a: fc.nat(11), b: fc.nat(11), c: fc.nat(11), end })

const single = draftOf(
  fc.oneof(
    ...Object.entries(weights).map(([name, weight]) => ({
      arbitrary: fc.constant(name as Step['kind']),
      weight,
    })),
  ),
)
const racer = draftOf(fc.constantFrom(...racing))

export const draft: fc.Arbitrary<Draft> = fc.oneof(
  { arbitrary: single, weight: 9 },
  {
    arbitrary: fc.record({
      kind: fc.constant('race' as const),
      first: racer,
      second: racer,
      delivery: fc.nat(11),
    }),
    weight: 1,
  },
)

/** Of two steps that make deliveries at once, nobody knows which makes the first. */
const making: ReadonlySet<Step['kind']> = new Set(['save', 're-export', 'feed'])

/** The step that a draft means now; null when it means none. */
export function resolve(model: Model, drafted: Draft): Step | Race | null {
  if (drafted.kind === 'step') return resolveStep(model, drafted)
  if (model.deliveries.length === 0) return null
  const delivery = drafted.delivery % model.deliveries.length
  const first = resolveRacer(model, drafted.first, delivery, 0)
  const second = resolveRacer(model, drafted.second, delivery, 1)
  if (!first || !second || (making.has(first.kind) && making.has(second.kind))) return null
  return { kind: 'race', delivery, first, second }
}

type StepDraft = Extract<Draft, { kind: 'step' }>

/** A step that concerns this delivery. */
function resolveRacer(model: Model, drafted: Draft, delivery: number, worker: Worker): Step | null {
  if (drafted.kind !== 'step') return null
  const { name, end: how } = drafted
  const { claim, visitor, operation } = model.deliveries[delivery] ?? {
    claim: null,
    visitor: 0,
    operation: null,
  }
  if (name === 'record') return claim === null ? null : { kind: name, claim, end: how }
  if (name === 'release') return claim === null ? null : { kind: name, claim }
  if (name === 'record interruption') {
    return claim === null ? null : { kind: name, claim, end: interruptionEnd(how) }
  }
  if (name === 'claim') return { kind: name, delivery, worker }
  if (name === 'erase') return { kind: name, visitor }
  if (name === 'save') return { kind: name, visitor, toSavedDestination: false, key: null }
  if (name === 're-export') return { kind: name, delivery }
  if (name === 'feed') {
    const members = model.operations.findIndex((one) => !one.isFed && one.members.includes(delivery))
    const chosen = members === -1 ? operation : members
    return chosen === null ? null : { kind: name, operation: chosen }
  }
  return resolveStep(model, { ...drafted, a: delivery, b: 0 })
}

function resolveStep(model: Model, { name, a, b, c, end: how }: StepDraft): Step | null {
  const operation = model.operations.length === 0 ? null : a % model.operations.length
  switch (name) {
    case 'save':
      return {
        kind: name,
        visitor: a % 2,
        toSavedDestination: b % 3 === 0,
        key: c < 6 ? null : `key ${c % 2}`,
      }
    case 'claim':
    case 'resend':
    case 're-export':
    case 'cancel':
      return resolveDeliveryStep(model, name, a, b)
    case 'store payload':
    case 'record':
    case 'release':
    case 'record interruption':
      return resolveClaimStep(model, name, { a, b, how })
    case 'expire claims':
      return { kind: name, worker: a % 2 === 0 ? 0 : 1 }
    case 'start operation':
      if (model.deliveries.length === 0) return null
      return { kind: name, of: c % 2 === 0 ? 'resend' : 're_export', members: membersOf(model, a, b) }
    case 'feed':
    case 'pause operation':
    case 'resume operation':
    case 'cancel operation':
      return operation === null ? null : { kind: name, operation }
    case 'erase':
      return { kind: name, visitor: a % 2 }
    case 'pass':
      return { kind: name, days: 1 + (a % 2) }
    case 'sweep':
    case 'prune':
    case 'pause destination':
    case 'resume destination':
      return { kind: name }
  }
}

/** One in so many steps takes whatever there is. The others take something on which they have an effect. */
const anyEvery = 4

function resolveDeliveryStep(
  model: Model,
  kind: 'claim' | 'resend' | 're-export' | 'cancel',
  a: number,
  b: number,
): Step | null {
  const hasEffect = (one: Delivery): boolean => {
    if (kind === 'claim') return isClaimable(model, one) || isInterrupted(model, one)
    return kind === 'cancel' ? one.state === 'queued' || one.state === 'retrying' : isFinished(one)
  }
  const delivery = choose(model.deliveries, a, b, hasEffect)
  if (delivery === null) return null
  return kind === 'claim' ? { kind, delivery, worker: b % 2 === 0 ? 0 : 1 } : { kind, delivery }
}

function resolveClaimStep(
  model: Model,
  kind: 'store payload' | 'record' | 'release' | 'record interruption',
  { a, b, how }: { a: number; b: number; how: AttemptEnd },
): Step | null {
  const claim = choose(model.claims, a, b, (one, index) => {
    const delivery = model.deliveries[one.delivery]
    if (delivery?.claim !== index) return false
    return kind === 'record interruption' ? isInterrupted(model, delivery) : isClaimed(model, delivery)
  })
  if (claim === null) return null
  if (kind === 'record interruption') return { kind, claim, end: interruptionEnd(how) }
  return kind === 'record' ? { kind, claim, end: how } : { kind, claim }
}

function interruptionEnd(how: AttemptEnd): Exclude<AttemptEnd, { to: 'delivered' }> {
  return how.to === 'delivered' ? { to: 'failed', unknown: true } : how
}

/** The index of one item; null when there is none. */
function choose<Item>(
  items: readonly Item[],
  a: number,
  b: number,
  hasEffect: (item: Item, index: number) => boolean,
): number | null {
  if (items.length === 0) return null
  const effective = items.flatMap((item, index) => (hasEffect(item, index) ? [index] : []))
  if (b % anyEvery === 0 || effective.length === 0) return a % items.length
  return effective[a % effective.length] ?? null
}

/** One to three deliveries, in the order of their ids, which is the order in which they were made. */
function membersOf({ deliveries }: Model, a: number, b: number): number[] {
  const chosen = [a, a + 1 + b, b].slice(0, 1 + (b % 3)).map((one) => one % deliveries.length)
  return [...new Set(chosen)].toSorted((one, other) => one - other)
}
