/** What an attempt means for its delivery. */
export type Verdict = Delivered | Retry | GiveUp

export interface Delivered {
  decision: 'delivered'
  /** The id of the message or record at the destination; null where the destination returns none. */
  receipt: string | null
  /** The record that was written; absent where the destination has no records or does not name it. */
  record?: RecordReference
}

/** A record in a CRM. */
export interface RecordReference {
  /** The CRM's name of the object, as in `Lead`. */
  type: string
  id: string
  /** The page of the record for people; null where it cannot be derived. */
  link: string | null
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
  /** The receiver said that it is gone for good (410): the saved destination is disabled. */
  receiverGone: boolean
  /** Nothing failed: the settings say to send nothing in this case. The delivery is cancelled. */
  isSkip?: boolean
}

/** Why an attempt failed. */
export interface Failure {
  /** Stable code. Failures are grouped by it. */
  cause: string
  /** One sentence for people. Contains neither the receiver's URL nor a secret. */
  message: string
  /** What a person can do about it, or that the system retries by itself. */
  remedy: string
  /** The receiver may have acted on the request although no response says so. */
  outcomeUnknown: boolean
}
