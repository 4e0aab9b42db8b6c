/** A curl command that exports a visitor, for a program with a session cookie. */
export function exportCommand(origin: string): string {
  return `curl -sS ${origin}/api/webhook --cookie "session=$GHOSTPOST_SESSION" -H 'Content-Type: application/json' \\
  -d '{"ghost_vid":"gv_…","webhook_url":"https://example.com/hooks/leads"}'`
}
