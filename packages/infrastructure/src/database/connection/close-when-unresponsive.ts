import type { ClientBase, QueryConfig } from 'pg'

const pingEveryMs = 10_000
const pingTimeoutMs = 5_000

/**
 * Pings a listening connection and ends it when it does not respond. A connection that the network dropped silently
 * reports no error, so its listener would wait forever.
 * @returns stops the pings
 */
export function closeWhenUnresponsive(client: ClientBase & { end: () => Promise<void> }): () => void {
  // One ping at a time: the next one follows the response to this one.
  const ping = (): void => {
    // pg supports a time limit per query, but its types do not declare it.
    const query: QueryConfig & { query_timeout: number } = { text: 'select', query_timeout: pingTimeoutMs }
    client.query(query).then(
      () => (timer = setTimeout(ping, pingEveryMs).unref()),
      () => client.end().catch(() => {}),
    )
  }
  let timer = setTimeout(ping, pingEveryMs).unref()
  return () => clearTimeout(timer)
}
