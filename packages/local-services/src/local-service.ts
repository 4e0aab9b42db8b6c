/** A store: a server that this process started, or one at a given address. */
export interface LocalService {
  url: string
  /** Processes that this process started; empty for a given address. */
  pids: readonly number[]
  /** Describes its origin to people. */
  description: string
  /** Stops the started server and waits for its end; does nothing for a given address. */
  stop: () => Promise<void>
}

/** Receives one line of progress. */
export type ProgressLog = (line: string) => void

/** A store at a given address. */
export function externalService(url: string, description: string): LocalService {
  return { url, pids: [], description, stop: async () => {} }
}
