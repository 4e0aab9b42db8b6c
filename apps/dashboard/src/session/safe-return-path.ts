const base = '/ops'

/** Where to go after signing in: a path of the dashboard's own, whatever the link said. */
export function safeReturnPath(requested: string | undefined): string {
  if (requested === undefined || !requested.startsWith('/') || /^\/[/\\]/.test(requested)) return `${base}/`
  if (requested.startsWith('/sign-in') || requested.startsWith(`${base}/sign-in`)) return `${base}/`
  return requested === base || requested.startsWith(`${base}/`) || requested.startsWith(`${base}?`)
    ? requested
    : `${base}${requested}`
}
