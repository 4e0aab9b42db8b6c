import { basename } from 'node:path'

interface Guard {
  purpose: string
  /** Every file in a folder of this name. */
  folders?: readonly string[]
  /** Names of files without `.ts`. */
  files?: readonly string[]
}

/**
 * Guards watch or protect the path of a delivery. Without them the same request would reach the receiver and the same
 * attempt would be recorded. Every other file is core.
 */
const guards: readonly Guard[] = [
  {
    purpose: 'telemetry and logs',
    folders: ['telemetry', 'stats'],
    files: [
      'access-log',
      'connection-phases',
      'log-attempt',
      'measure-requests',
      'observe-attempts',
      'tally-attempts',
      'trace-requests',
    ],
  },
  {
    purpose: 'sessions',
    folders: ['accounts'],
    files: [
      'authenticate',
      'authorise',
      'caller',
      'credential',
      'read-lists',
      'session-cookie',
      'site-of-request',
      'standing-rights',
    ],
  },
  {
    purpose: 'request checks',
    files: [
      'allowed-hosts',
      'answer-unknown-routes',
      'caller-network',
      'check-host',
      'compile-schemas',
      'describe-validation',
      'destination-request',
      'idempotency-key',
      'receiver-url',
      'refuse-cross-site',
      'refuse-unsafe-input',
      'security-headers',
    ],
  },
  {
    purpose: 'live events',
    folders: ['events'],
    files: ['live-listeners', 'publish-delivery', 'publish-delivery-state'],
  },
  {
    purpose: 'limits',
    folders: ['budgets', 'call-limits', 'sharing'],
    files: [
      'admission',
      'attempt-within-budget',
      // Only the reports to a receiver's budget use it.
      'batch-by-key',
      'database-gate',
      'drain',
      'limit-calls',
      'limit-connections',
      'read-queues',
      'receiver-lines',
      'receiver-budget',
      'server-options',
      'shed-load',
      'unfinished-bodies',
      'wait-slots',
      'webhook-limits',
    ],
  },
  {
    purpose: 'forbidden addresses',
    files: [
      'address-policy',
      'address-ranges',
      'allowed-addresses',
      'embedded-ipv4',
      'forbidden-ports',
      'own-listeners',
      'parse-address',
    ],
  },
  { purpose: 'look-ups of names and slow addresses', folders: ['names'], files: ['race-addresses'] },
  { purpose: 'wrong clocks of processes', files: ['database-clock'] },
  { purpose: 'odd responses', folders: ['odd-responses'] },
  { purpose: 'fewer writes to a socket', files: ['cork-writes'] },
  {
    purpose: 'secrets and settings',
    folders: ['config', 'secrets'],
    files: ['judge-masked', 'mask-headers', 'mask-response', 'normalize-forms', 'secret-pieces'],
  },
]

/** The purpose of a guard; null for a file of the core. */
export function guardOf(path: string): string | null {
  const folders = new Set(path.split('/').slice(0, -1))
  const isGuard = (guard: Guard): boolean =>
    (guard.folders ?? []).some((one) => folders.has(one)) ||
    (guard.files ?? []).includes(basename(path, '.ts'))
  return guards.find(isGuard)?.purpose ?? null
}
