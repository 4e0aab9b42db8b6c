import type { PlanBody } from '@ghostpost/delivery/contract/operations'

/** The parameters of the address of the list of visitors. */
export interface VisitorSearch {
  text?: string | undefined
  score?: string | undefined
  seen?: VisitorPeriod | undefined
}

const dayMs = 86_400_000
const periods = { '1d': dayMs, '7d': 7 * dayMs, '30d': 30 * dayMs }

export type VisitorPeriod = keyof typeof periods

export const periodNames: Readonly<Record<VisitorPeriod, string>> = {
  '1d': 'the last day',
  '7d': 'the last 7 days',
  '30d': 'the last 30 days',
}

/** Keeps valid parameters and drops the rest. */
export function parseVisitorSearch(raw: Readonly<Record<string, unknown>>): VisitorSearch {
  const text = typeof raw['text'] === 'string' ? raw['text'].trim().slice(0, 200) : ''
  const score = typeof raw['score'] === 'string' || typeof raw['score'] === 'number' ? `${raw['score']}` : ''
  const seen = Object.keys(periods).find((period) => period === raw['seen']) as VisitorPeriod | undefined
  return {
    ...(text !== '' && { text }),
    ...(/^([1-9]\d?|100)$/.test(score) && { score }),
    ...(seen !== undefined && { seen }),
  }
}

/** Query parameters of the API's list. An e-mail address is a whole id, other texts are words. */
export function visitorQueryOf(
  { text, score, seen }: VisitorSearch,
  now: number = Date.now(),
): { text?: string; identified_user?: string; score_min?: string; seen_from?: string } {
  return {
    ...(text !== undefined && (/^[^\s@]+@[^\s@]+$/.test(text) ? { identified_user: text } : { text })),
    ...(score !== undefined && { score_min: score }),
    ...(seen !== undefined && { seen_from: seenFrom(seen, now) }),
  }
}

/** To a full minute, so that a refetch has the same query. */
function seenFrom(seen: VisitorPeriod, now: number): string {
  return new Date(Math.floor((now - periods[seen]) / 60_000) * 60_000).toISOString()
}

/**
 * The visitors of the search as an operation selects them; null when it cannot: an operation knows no words, and never
 * selects all visitors.
 */
export function visitorSelectionOf(
  { text, score, seen }: VisitorSearch,
  now: number = Date.now(),
): NonNullable<PlanBody['visitors']> | null {
  if (text !== undefined || (score === undefined && seen === undefined)) return null
  return {
    ...(score !== undefined && { score_min: Number(score) }),
    ...(seen !== undefined && { seen_from: seenFrom(seen, now) }),
  }
}
