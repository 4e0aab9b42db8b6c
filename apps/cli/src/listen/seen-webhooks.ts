import { createHash } from 'node:crypto'

export interface Repeat {
  /** How often it came before. */
  timesBefore: number
  /** Those before had other bytes: a receiver that drops repeats would miss something. */
  isChanged: boolean
}

export interface SeenWebhooks {
  /** Notes that a webhook came. */
  record: (id: string, body: Buffer) => Repeat
}

/** So many ids are remembered, the latest. */
const idsMax = 1_000

/** Remembers which webhook ids came. */
export function openSeenWebhooks(): SeenWebhooks {
  const seen = new Map<string, { count: number; digest: string }>()
  return {
    record: (id, body) => {
      const digest = createHash('sha256').update(body).digest('base64')
      const known = seen.get(id)
      seen.delete(id)
      seen.set(id, { count: (known?.count ?? 0) + 1, digest })
      const [oldest] = seen.keys()
      if (seen.size > idsMax && oldest !== undefined) seen.delete(oldest)
      return { timesBefore: known?.count ?? 0, isChanged: known !== undefined && known.digest !== digest }
    },
  }
}
