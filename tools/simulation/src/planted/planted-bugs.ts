/** A bug that a run can have: one of the stores or processes behaves differently when it asks for the name. */
export interface PlantedBug {
  name: string
  /** What goes wrong. */
  what: string
}

const bugs: Readonly<Record<string, string>> = {
  'takeover-without-record': 'an expired claim is taken over, and no attempt records the interruption',
  'enqueue-trusts-known-job':
    'an overdue delivery is not enqueued again if the queue knows its job, wherever that is',
  'store-error-ends-process': 'a process ends when a store is lost',
  'record-tried-once': 'a known result is given up when its first write fails',
  'precondition-before-key': 'a disabled destination is refused before the idempotency key is looked up',
  'store-error-is-internal': 'a lost store is an internal error for the caller',
  'prune-checks-then-deletes': 'the pruner looks for payloads in one statement and deletes them in another',
  'sweeper-backs-off': 'the sweeper waits longer although the queue did not take the job',
  'cancelled-members-uncounted': 'members that a cancelled operation never began are in no count',
  'worker-clock-signs': 'the signature has the time of the worker’s clock, which is wrong',
  'save-without-sweep': 'a saved delivery is not known to the sweeper',
  'retry-without-sweep': 'a delivery that waits for its retry is not known to the sweeper',
  'release-without-sweep': 'a released delivery is not known to the sweeper',
  'sweep-skips-expired-claims': 'the sweeper skips deliveries whose claim has expired',
  'save-during-erasure': 'a delivery is saved for a visitor that is being erased',
  'claim-of-claimed': 'a claim is taken from a worker that lives',
  'claim-of-finished': 'a finished delivery is claimed when the queue brings its job again',
  'claim-before-due': 'a delivery is claimed before its next attempt is due',
  'claim-ignores-pause': 'a delivery of a paused destination or operation is claimed',
  'claim-without-age': 'a worker that was frozen after its claim sends, however late',
  'superseded-is-sent': 'an older snapshot of a visitor is sent after a newer one',
  'snapshot-dated-late': 'a snapshot has the time when it was stored, not the time when it was read',
  'payload-is-replaced': 'every attempt builds its payload anew',
  'record-without-claim': 'a worker records although another one has the claim',
  'record-halves-delay': 'the next attempt comes before the wait that the receiver asked for',
  'attempt-not-counted': 'an attempt does not count',
  'unknown-not-marked': 'an unknown outcome is not marked',
  'record-keeps-erased-response': 'the response to a request of an erased visitor is stored',
  'payload-survives-erasure': 'a payload is stored after the erasure of its visitor, and stays',
  'ledger-not-settled': 'the ledger does not learn how a member ended',
  'cancel-forgets-ledger': 'the ledger does not learn that a member was cancelled by hand',
  'resend-of-unfinished': 'a delivery that is not finished is resent',
  'cancel-of-claimed': 'a delivery that a worker is sending is cancelled',
  'erase-keeps-payload': 'an erasure keeps the payloads',
  'key-checked-before-save': 'the idempotency key is looked up in a statement before the one that saves',
  'response-not-stored': 'the first response is not stored under its key',
  'settlement-to-all': 'a settlement is reported to every waiting call',
  'settled-is-delivered': 'every settlement is reported as delivered',
  'members-start-at-once': 'members of an operation start outside the transaction that stores the progress',
  'alerts-without-lock': 'two workers evaluate a rule at once',
  'alert-saved-at-once': 'a notification is saved outside the transaction that stores the state of its rule',
  'alert-state-not-saved': 'the state of a rule is not saved',
}

export const plantedBugs: readonly PlantedBug[] = Object.entries(bugs).map(([name, what]) => ({ name, what }))
