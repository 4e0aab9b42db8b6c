import type { ClientBase, QueryConfig } from 'pg'

const pingEveryMs = 10_000
const pingTimeoutMs = 5_000

/**
 * Ends a connection that only listens once it no longer answers: one that was forgotten on the way is never told to be
 * broken, and nothing would be heard over it again.
 * @returns stops asking
 */
export function closeWhenUnresponsive(client: ClientBase & { end: () => Promise<void> }): () => void {
  // Only ever one question is open: the next is asked when this one was answered.
  const ping = (): void => {
    // pg's types do not know that a single query may have a time limit of its own.
    const query: QueryConfig & { query_timeout: number } = { text: 'select', query_timeout: pingTimeoutMs }
    client.query(query).then(
      () => (timer = setTimeout(ping, pingEveryMs).unref()),
      () => client.end().catch(() => {}),
    )
  }
  let timer = setTimeout(ping, pingEveryMs).unref()
  return () => clearTimeout(timer)
}
