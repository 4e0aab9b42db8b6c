import { QueryCache, QueryClient } from '@tanstack/react-query'
import { ApiProblem } from '@ghostpost/client'

const retriesMax = 2

let sessionEndListener: () => void = () => {}

/** Sets the listener that is called when the API responds that the session has ended. */
export function whenSessionEnds(listener: () => void): void {
  sessionEndListener = listener
}

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, query) => {
      if (isSignedOut(error) && query.queryKey[0] !== 'session') sessionEndListener()
    },
  }),
  defaultOptions: {
    queries: { retry: (failures, error) => failures < retriesMax && isTransient(error), staleTime: 2_000 },
  },
})

export function isSignedOut(error: unknown): boolean {
  return error instanceof ApiProblem && error.code === 'unauthenticated'
}

/** Whether a retry may succeed. */
function isTransient(error: unknown): boolean {
  return !(error instanceof ApiProblem) || error.status === 429 || error.status >= 500
}
