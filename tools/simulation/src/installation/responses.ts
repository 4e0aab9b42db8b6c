import type { ActionKind } from '../histories/index.ts'

/** What a caller sent and got. */
export interface CallerResponse {
  /** The id of the action, or of the one that it refers to. */
  subject: string
  kind: ActionKind
  sentAtMs: number
  atMs: number
  /** Null: the caller got no response. */
  status: number | null
  deliveryId: string | null
  /** Of an erasure: deliveries that a worker was sending. */
  inFlight: number
  hasKey: boolean
}

/** What an API process responds. */
export interface Reply {
  status: number
  deliveryId?: string | null
  inFlight?: number
}
