/** A store that runs on this machine, ours or somebody else's. */
export interface LocalService {
  url: string
  /** Processes of ours; none where the store was given to us. */
  pids: readonly number[]
  /** Where it came from, in words. */
  description: string
  /** Ends what was started, and waits for its end; leaves alone what was given. */
  stop: () => Promise<void>
}

/** Takes a line of progress. */
export type ProgressLog = (line: string) => void

/** A store somebody else runs. */
export function externalService(url: string, description: string): LocalService {
  return { url, pids: [], description, stop: async () => {} }
}
