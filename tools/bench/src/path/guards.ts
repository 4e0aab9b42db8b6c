/**
 * Guards by purpose: files that watch or protect the path of a delivery. Without them the same request would reach the
 * receiver and the same attempt would be recorded. Every other file is core.
 */
const guards: readonly (readonly [purpose: string, files: RegExp])[] = [
  [
    'telemetry and logs',
    /\/telemetry\/|\/stats\/|\/(access-log|measure-requests|trace-requests|log-attempt|tally-attempts|connection-phases|mask-headers)\.ts$/,
  ],
  ['sessions', /\/accounts\/|\/(authenticate|authorise|session-cookie|site-of-request|read-lists)\.ts$/],
  ['request checks', /\/(refuse-[a-z-]+|security-headers|caller-network|describe-validation)\.ts$/],
  ['live events', /\/events\/|\/(live-listeners|publish-delivery(-state)?)\.ts$/],
  [
    'limits',
    /\/(budgets|call-limits)\/|\/(admission|drain|limit-calls|shed-load|semaphore|wait-slots|database-gate|receiver-budget|attempt-within-budget)\.ts$/,
  ],
  [
    'forbidden addresses',
    /\/(address-policy|address-ranges|allowed-addresses|embedded-ipv4|forbidden-ports|own-listeners|parse-address)\.ts$/,
  ],
  ['secrets and settings', /\/(config|secrets)\//],
]

/** The purpose of a guard; null for a file of the core. */
export function guardOf(path: string): string | null {
  return guards.find(([, files]) => files.test(path))?.[0] ?? null
}
