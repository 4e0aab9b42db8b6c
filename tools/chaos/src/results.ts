import type { Fault } from './faults/fault.ts'
import type { HistoryReport } from './history/check-history.ts'
import type { Violation, ViolationKind } from './history/violation.ts'

/** Result of one round of a fault. */
export interface Round {
  report: HistoryReport
  /** Calls that were refused, disconnected or got no response during the fault; each was repeated. */
  unserved: number
  /** Processes that ended by themselves. */
  crashes: readonly string[]
  /** Time from the end of the fault until everything that was acknowledged had settled, in milliseconds. */
  recoveryMs: number
  /** Why the oldest unsettled delivery waits, when something did not settle. */
  explanation: string | null
}

/** Result of all rounds of one fault. */
export interface FaultResult {
  fault: string
  rounds: number
  accepted: number
  chats: number
  delivered: number
  refused: number
  /** Chats that were given up on because nobody knows whether the message arrived. */
  unknown: number
  takeovers: number
  markedDuplicates: number
  lost: number
  falseFailures: number
  /** A chat message twice, or a repeat that no attempt explains. */
  silentDuplicates: number
  /** Every other broken promise. */
  otherViolations: number
  crashes: number
  unserved: number
  /** The longest of all rounds. */
  recoveryMs: number
  /** True when a promise of the product did not hold. */
  broken: boolean
}

export const recoveryMaxMs = 60_000

const lostKinds: ReadonlySet<ViolationKind> = new Set(['lost', 'false success'])
const silentKinds: ReadonlySet<ViolationKind> = new Set(['silent duplicate', 'chat message twice'])

export function resultOf(fault: Fault, round: Round): FaultResult {
  const { report, unserved, crashes, recoveryMs } = round
  const { violations, accepted, chats, delivered, refused, unknown, takeovers, markedDuplicates } = report
  const count = (matches: (kind: ViolationKind) => boolean): number =>
    violations.filter(({ kind }) => matches(kind)).length
  const lost = count((kind) => lostKinds.has(kind))
  const falseFailures = count((kind) => kind === 'false failure')
  const silentDuplicates = count((kind) => silentKinds.has(kind))
  return {
    fault: fault.name,
    rounds: 1,
    accepted,
    chats,
    delivered,
    refused,
    unknown,
    takeovers,
    markedDuplicates,
    lost,
    falseFailures,
    silentDuplicates,
    unserved,
    recoveryMs,
    otherViolations: violations.length - lost - falseFailures - silentDuplicates,
    crashes: crashes.length,
    broken: isBroken(fault, round),
  }
}

function isBroken(fault: Fault, { report, unserved, crashes, recoveryMs }: Round): boolean {
  const hasRefused = fault.mustServeAll === true && unserved > 0
  return report.violations.length > 0 || crashes.length > 0 || hasRefused || recoveryMs >= recoveryMaxMs
}

/** Adds the results of rounds, also of different faults. */
export function sumOf(fault: string, results: readonly FaultResult[]): FaultResult {
  const sum = (of: (one: FaultResult) => number): number => results.reduce((total, one) => total + of(one), 0)
  return {
    fault,
    rounds: sum((one) => one.rounds),
    accepted: sum((one) => one.accepted),
    chats: sum((one) => one.chats),
    delivered: sum((one) => one.delivered),
    refused: sum((one) => one.refused),
    unknown: sum((one) => one.unknown),
    takeovers: sum((one) => one.takeovers),
    markedDuplicates: sum((one) => one.markedDuplicates),
    lost: sum((one) => one.lost),
    falseFailures: sum((one) => one.falseFailures),
    silentDuplicates: sum((one) => one.silentDuplicates),
    otherViolations: sum((one) => one.otherViolations),
    crashes: sum((one) => one.crashes),
    unserved: sum((one) => one.unserved),
    recoveryMs: Math.max(...results.map((one) => one.recoveryMs), 0),
    broken: results.some(({ broken }) => broken),
  }
}

const violationsShown = 10

export function formatRound(fault: Fault, round: Round, roundSeed: number): string {
  const { report, unserved, recoveryMs, crashes, explanation } = round
  const recovered =
    recoveryMs >= recoveryMaxMs ? 'NOT RECOVERED' : `recovered in ${(recoveryMs / 1_000).toFixed(1)} s`
  const verdict = isBroken(fault, round) ? `BROKEN, seed ${roundSeed}: ` : ''
  const line = `${verdict}${fault.name}: ${report.accepted} accepted, ${unserved} calls not served, ${recovered}`
  const details = [
    ...crashes,
    ...(explanation === null ? [] : [explanation]),
    ...formatViolations(report.violations),
  ]
  return [line, ...details.map((one) => `    ${one}`)].join('\n')
}

export function formatViolations(violations: readonly Violation[]): string[] {
  const shown = violations
    .slice(0, violationsShown)
    .map(({ kind, about, text }) => `${kind}: ${about}: ${text}`)
  const more = violations.length - shown.length
  return more > 0 ? [...shown, `and ${more} more`] : shown
}

const columns: readonly [head: string, of: (one: FaultResult) => number | string][] = [
  ['fault', ({ fault }) => fault],
  ['rounds', ({ rounds }) => rounds],
  ['accepted', ({ accepted }) => accepted],
  ['chats', ({ chats }) => chats],
  ['delivered', ({ delivered }) => delivered],
  ['refused', ({ refused }) => refused],
  ['unknown', ({ unknown }) => unknown],
  ['takeovers', ({ takeovers }) => takeovers],
  ['lost', ({ lost }) => lost],
  ['false failures', ({ falseFailures }) => falseFailures],
  ['duplicates, marked', ({ markedDuplicates }) => markedDuplicates],
  ['duplicates, silent', ({ silentDuplicates }) => silentDuplicates],
  ['other violations', ({ otherViolations }) => otherViolations],
  ['crashes', ({ crashes }) => crashes],
  ['calls not served', ({ unserved }) => unserved],
  ['recovery', ({ recoveryMs }) => `${(recoveryMs / 1_000).toFixed(1)} s`],
]

/** A table in Markdown, with a line for all faults together. */
export function formatTable(results: readonly FaultResult[]): string {
  const rows = [
    columns.map(([head]) => head),
    columns.map(() => '---'),
    ...[...results, sumOf('**all**', results)].map((one) => columns.map(([, of]) => of(one))),
  ]
  return rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
