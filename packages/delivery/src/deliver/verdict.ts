/** What an attempt means. Only `judge` and the destination decide whether a delivery is retried. */
export type Verdict = Delivered | Retry | GiveUp

export interface Delivered {
  decision: 'delivered'
  /** The id of the record or message that the receiver returned; null when it returned none. */
  receipt: string | null
}

export interface Retry {
  decision: 'retry'
  failure: Failure
  /** The wait that the receiver asked for, clamped to 0 … 24 h; null when it asked for none. */
  retryAfterMs: number | null
}

export interface GiveUp {
  decision: 'give_up'
  failure: Failure
  /** The receiver said that it is gone for good, so the saved destination gets disabled. */
  receiverGone: boolean
}

export interface Failure {
  /** A stable code, by which failures are grouped. */
  cause: string
  /** One sentence for people. Never contains the receiver's URL or a secret. */
  message: string
  /** One sentence that says what to do, or that Ghostpost retries. */
  remedy: string
  /** The receiver may have acted on the request although no response says so. */
  outcomeUnknown: boolean
}
