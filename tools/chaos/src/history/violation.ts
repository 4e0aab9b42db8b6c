/** A promise that a history breaks. */
export interface Violation {
  kind: ViolationKind
  /** The delivery, key or operation. */
  about: string
  text: string
}

export type ViolationKind =
  | 'lost'
  | 'early 200'
  | 'sent after a refusal'
  | 'chat message twice'
  | 'silent duplicate'
  | 'false failure'
  | 'false success'
  | 'two by one key'
  | 'other bytes'
  | 'wrong signature time'
  | 'illegal move'
  | 'wrong attempts'
  | 'wrong ledger'
