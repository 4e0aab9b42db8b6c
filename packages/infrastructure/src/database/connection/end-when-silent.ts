import type { ClientBase, QueryConfig } from 'pg'

const askEveryMs = 10_000
const answerMaxMs = 5_000

/**
 * Ends a connection that only listens once it no longer answers: one that was forgotten on the way is never told to be
 * broken, and nothing would be heard over it again.
 * @returns stops asking
 */
export function endWhenSilent(client: ClientBase & { end: () => Promise<void> }): () => void {
  // Only ever one question is open: the next is asked when this one was answered.
  const ask = (): void => {
    // pg's types do not know that a single query may have a time limit of its own.
    const question: QueryConfig & { query_timeout: number } = { text: 'select', query_timeout: answerMaxMs }
    client.query(question).then(
      () => (timer = setTimeout(ask, askEveryMs).unref()),
      () => client.end().catch(() => {}),
    )
  }
  let timer = setTimeout(ask, askEveryMs).unref()
  return () => clearTimeout(timer)
}
