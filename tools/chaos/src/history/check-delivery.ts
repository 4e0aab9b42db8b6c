import type {
  AttemptRow,
  CallRecord,
  DeliveryRecord,
  Interruption,
  MoveRecord,
  RequestRecord,
  ResendRecord,
} from './history.ts'
import { checkMoves } from './check-moves.ts'
import type { Violation, ViolationKind } from './violation.ts'

/** Everything that is known about one delivery. */
export interface DeliveryHistory {
  id: string
  /** Null when the database does not have it. */
  row: DeliveryRecord | null
  calls: CallRecord[]
  resends: ResendRecord[]
  requests: RequestRecord[]
  attempts: AttemptRow[]
  moves: MoveRecord[]
  interruptions: readonly Interruption[]
}

interface DeliveryReport {
  end: 'delivered' | 'refused' | 'unknown' | 'cancelled' | 'broken'
  isMarkedDuplicate: boolean
  violations: readonly Violation[]
}

/** Receivers that follow Standard Webhooks refuse a timestamp that is further away. */
const clockDifferenceMaxSeconds = 300
/** A worker that is killed may have had a request in flight for so long, or may read a response so late. */
const interruptionMarginMs = 5_000

export function checkDelivery(history: DeliveryHistory): DeliveryReport {
  const { id, row } = history
  const violations: Violation[] = []
  const complain = (kind: ViolationKind, text: string): void =>
    void violations.push({ kind, about: id, text })
  const end = endOf(history)
  if (end === 'broken') complain(brokenKind(history), `it ended as ${row?.state ?? 'not in the database'}`)
  checkResponses(history, complain)
  checkRefusals(history, complain)
  const isMarkedDuplicate = checkDuplicates(history, complain)
  checkRequests(history, complain)
  checkAttempts(history, complain)
  for (const text of checkMoves(history.moves)) complain('illegal move', text)
  return { end, isMarkedDuplicate, violations }
}

type Complain = (kind: ViolationKind, text: string) => void

const isSuccess = ({ status }: RequestRecord): boolean => status !== null && status >= 200 && status < 300
/** The response left the receiver, so its sender may have it. */
const isAnswered = (request: RequestRecord): boolean =>
  request.status !== null && request.respondedAt !== null
const wasTaken = (request: RequestRecord): boolean => isSuccess(request) && isAnswered(request)
/** Statuses that a receiver means for good. The others ask for another attempt. */
const isRefusal = (request: RequestRecord): boolean => {
  const { status } = request
  return status !== null && status >= 400 && status < 500 && ![408, 425, 429].includes(status)
}

function endOf(history: DeliveryHistory): DeliveryReport['end'] {
  const { row, requests, attempts } = history
  if (row?.state === 'cancelled') return 'cancelled'
  if (row?.state === 'delivered') return requests.some(isSuccess) ? 'delivered' : 'broken'
  if (row?.state !== 'failed') return 'broken'
  if (requests.some(isRefusal)) return 'refused'
  const isUnknown = attempts.some(({ outcomeUnknown }) => outcomeUnknown)
  return row.isChat && isUnknown && isExcused(history) ? 'unknown' : 'broken'
}

/** Whether nobody can know if the message arrived: no response left the receiver, or its worker was interrupted. */
function isExcused({ requests, interruptions }: DeliveryHistory): boolean {
  return requests.every((request) => {
    if (!wasTaken(request)) return true
    const from = request.receivedAt - interruptionMarginMs
    const to = (request.respondedAt ?? request.receivedAt) + interruptionMarginMs
    return interruptions.some((one) => one.to >= from && one.from <= to)
  })
}

function brokenKind({ row }: DeliveryHistory): ViolationKind {
  if (row?.state === 'delivered') return 'false success'
  return row?.state === 'failed' ? 'false failure' : 'lost'
}

/** 200 says that the receiver has it. Then the receiver had it before the caller had the response. */
function checkResponses({ calls, requests }: DeliveryHistory, complain: Complain): void {
  for (const { status, respondedAt } of calls) {
    const hadIt = requests.some((request) => isSuccess(request) && request.receivedAt <= respondedAt)
    if (status === 200 && !hadIt)
      complain('early 200', 'the receiver did not have it when the caller got 200')
  }
}

/** After a refusal that somebody read, nothing is sent unless a person asks for it. */
function checkRefusals({ requests, attempts, resends }: DeliveryHistory, complain: Complain): void {
  const first = requests.findIndex((request) => isRefusal(request) && isAnswered(request))
  if (first === -1) return
  const later = requests.length - first - 1
  const unknown = attempts.filter(({ outcomeUnknown }) => outcomeUnknown).length
  if (later > unknown + resends.length) {
    complain('sent after a refusal', `${later} requests after it, of which ${unknown} are explained`)
  }
}

/** @returns whether it was taken more than once, and each repeat is explained */
function checkDuplicates(history: DeliveryHistory, complain: Complain): boolean {
  const { row, requests, attempts, resends } = history
  const taken = requests.filter(wasTaken).length
  const allowed = 1 + resends.length
  // For a chat, a message without a response may be on the screen, too.
  const shown = row?.isChat ? requests.filter((one) => isSuccess(one) || one.status === null).length : 0
  if (shown > allowed) complain('chat message twice', `the chat may show it ${shown} times`)
  if (taken <= allowed) return false
  const unknown = attempts.filter(({ outcomeUnknown }) => outcomeUnknown).length
  if (unknown >= taken - allowed) return true
  complain('silent duplicate', `it was taken ${taken} times, and ${unknown} attempts have an unknown outcome`)
  return false
}

/** Every request of a delivery has the same bytes, and a time that a strict receiver accepts. */
function checkRequests({ requests }: DeliveryHistory, complain: Complain): void {
  if (new Set(requests.map(({ bodyDigest }) => bodyDigest)).size > 1)
    complain('other bytes', 'its requests have different bodies')
  const worst = Math.max(...requests.map(({ clockDifferenceSeconds: seconds }) => Math.abs(seconds ?? 0)), 0)
  if (worst > clockDifferenceMaxSeconds) complain('wrong signature time', `it was off by ${worst} s`)
}

/** The attempts are numbered without a gap, are as many as the delivery says, and end as it ended. */
function checkAttempts({ row, attempts, requests }: DeliveryHistory, complain: Complain): void {
  if (!row) return
  const numbers = attempts.map(({ number }) => number).toSorted((a, b) => a - b)
  if (numbers.some((number, index) => number !== index + 1))
    complain('wrong attempts', `they are ${numbers.join()}`)
  if (numbers.length !== row.attempts)
    complain('wrong attempts', `the delivery says ${row.attempts}, and there are ${numbers.length}`)
  const last = attempts.find(({ number }) => number === numbers.length)
  if (row.state === 'delivered' && last?.decision !== 'delivered')
    complain('wrong attempts', 'it is delivered, and its last attempt is not')
  const answered = attempts.filter(({ outcome }) => outcome === 'answered').length
  const responses = requests.filter(({ status }) => status !== null).length
  if (answered > responses)
    complain('wrong attempts', `${answered} have a response, and the receiver sent ${responses}`)
}
