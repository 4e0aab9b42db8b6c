import { createHash } from 'node:crypto'

export interface Seen {
  /** How often it came before. */
  before: number
  /** Those before had other bytes: a receiver that drops repeats would miss something. */
  isChanged: boolean
}

export interface SeenWebhooks {
  /** Notes that a webhook came. */
  note: (id: string, body: Buffer) => Seen
}

/** So many ids are remembered, the latest. */
const idsMax = 1_000

/** Remembers which webhook ids came. */
export function openSeen(): SeenWebhooks {
  const seen = new Map<string, { count: number; digest: string }>()
  return {
    note: (id, body) => {
      const digest = createHash('sha256').update(body).digest('base64')
      const known = seen.get(id)
      seen.delete(id)
      seen.set(id, { count: (known?.count ?? 0) + 1, digest })
      const [oldest] = seen.keys()
      if (seen.size > idsMax && oldest !== undefined) seen.delete(oldest)
      return { before: known?.count ?? 0, isChanged: known !== undefined && known.digest !== digest }
    },
  }
}
