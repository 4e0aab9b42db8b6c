const base = '/ops'

/** The page to open after signing in: always a path of the dashboard, whatever the link contains. */
export function safeReturnPath(requested: string | undefined): string {
  if (requested === undefined || !requested.startsWith('/') || /^\/[/\\]/.test(requested)) return `${base}/`
  if (requested.startsWith('/sign-in') || requested.startsWith(`${base}/sign-in`)) return `${base}/`
  return requested === base || requested.startsWith(`${base}/`) || requested.startsWith(`${base}?`)
    ? requested
    : `${base}${requested}`
}
