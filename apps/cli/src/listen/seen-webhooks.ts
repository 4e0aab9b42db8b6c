import { createHash } from 'node:crypto'

export interface Repeat {
  /** How often the id was received before. */
  timesBefore: number
  /** The last one had different bytes: a receiver that drops repeats would lose this one. */
  isChanged: boolean
}

export interface SeenWebhooks {
  /** Records a webhook. */
  record: (id: string, body: Buffer) => Repeat
}

/** Number of remembered ids; the oldest are dropped. */
const idsMax = 1_000

/** Remembers received webhook ids. */
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
