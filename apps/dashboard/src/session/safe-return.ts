const base = '/ops'

/** Where to go after signing in: a path of the dashboard's own, whatever the link said. */
export function safeReturn(asked: string | undefined): string {
  if (asked === undefined || !asked.startsWith('/') || /^\/[/\\]/.test(asked)) return `${base}/`
  if (asked.startsWith('/sign-in') || asked.startsWith(`${base}/sign-in`)) return `${base}/`
  return asked === base || asked.startsWith(`${base}/`) || asked.startsWith(`${base}?`)
    ? asked
    : `${base}${asked}`
}
