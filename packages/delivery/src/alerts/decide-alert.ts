import type { AlertState } from './alert-rule.ts'
import type { AlertFinding } from './judge-alert.ts'

/** Where a rule stands, and what people know of it. */
export interface AlertStanding {
  state: AlertState
  /** People were told that it fires. */
  told: boolean
  /** When they were last told so, of this or of an earlier time; null for never. */
  toldAt: Date | null
  /** What it was told of, where that can be told apart. */
  toldOf: readonly string[]
}

export interface AlertDecision {
  standing: AlertStanding
  /** What is to be told now. */
  tell: 'firing' | 'resolved' | null
}

/**
 * Moves a rule on: `ok → firing → resolved → firing …`. That it fires is told once, and once more for what has joined
 * meanwhile; within the cooldown nothing is told, and what still fires after it is. That it is over is told only to
 * those who know that it began.
 */
export function decideAlert(
  standing: AlertStanding,
  { breached, subjects }: Pick<AlertFinding, 'breached' | 'subjects'>,
  cooldownMs: number,
  now: Date,
): AlertDecision {
  if (!breached) return calm(standing)
  const known = standing.toldOf.filter((one) => subjects.includes(one))
  const isNews = !standing.told || subjects.some((one) => !known.includes(one))
  const isRested = standing.toldAt === null || now.getTime() - standing.toldAt.getTime() >= cooldownMs
  if (!isNews || !isRested) return { standing: { ...standing, state: 'firing', toldOf: known }, tell: null }
  return { standing: { state: 'firing', told: true, toldAt: now, toldOf: subjects }, tell: 'firing' }
}

function calm(standing: AlertStanding): AlertDecision {
  if (standing.state !== 'firing') return { standing, tell: null }
  const after: AlertStanding = { ...standing, state: 'resolved', told: false, toldOf: [] }
  return { standing: after, tell: standing.told ? 'resolved' : null }
}
