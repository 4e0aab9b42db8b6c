/** Variables of the command line, which API and worker refuse. */
const ofCommandLine: ReadonlySet<string> = new Set([
  'GHOSTPOST_API_URL',
  'GHOSTPOST_API_KEY',
  'GHOSTPOST_SESSION',
])
/** The demo chooses them: it checks that they are free, and reaches the processes there. */
const chosen: ReadonlySet<string> = new Set([
  'GHOSTPOST_PORT',
  'GHOSTPOST_METRICS_PORT',
  'GHOSTPOST_WORKER_PORT',
])
const addresses = 'GHOSTPOST_ALLOWED_ADDRESSES'

/**
 * The environment of API and worker: every GHOSTPOST_ variable of the caller, OpenTelemetry's, and the demo's defaults
 * for the others. The addresses of the demo's receivers stay allowed.
 */
export function demoEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  { databaseUrl, queueUrl }: { databaseUrl: string; queueUrl: string },
  defaults: Readonly<Record<string, string>>,
): Record<string, string> {
  const own = Object.fromEntries(Object.entries(env).filter(isPassedOn)) as Record<string, string>
  const replaced = new Set(Object.keys(own).map((name) => name.replace(/_FILE$/, '')))
  const kept = Object.entries(defaults).filter(([name]) => !replaced.has(name))
  const allowed = [own[addresses], defaults[addresses]].filter(Boolean).join(' ')
  return {
    DATABASE_URL: databaseUrl,
    QUEUE_URL: queueUrl,
    ...Object.fromEntries(kept),
    ...own,
    [addresses]: allowed,
  }
}

function isPassedOn([name, value]: [string, string | undefined]): boolean {
  if (value === undefined || value === '' || ofCommandLine.has(name) || chosen.has(name)) return false
  return name.startsWith('GHOSTPOST_') || name.startsWith('OTEL_')
}
