import type { SessionView } from '@ghostpost/delivery/contract/session'
import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { api } from '../api.ts'
import { safeReturnPath } from './safe-return-path.ts'
import { sessionQuery } from './session.ts'

interface Credentials {
  email: string
  password: string
}

/** Signs in and opens the page to return to. */
export function useSignIn(
  returnTo: string | undefined,
  onError: () => void = () => {},
): UseMutationResult<SessionView, Error, Credentials> {
  const client = useQueryClient()
  const router = useRouter()
  return useMutation({
    mutationFn: ({ email, password }: Credentials) => api.signIn(email, password),
    onSuccess: (session) => {
      client.clear()
      client.setQueryData(sessionQuery.queryKey, session)
      router.history.push(safeReturnPath(returnTo))
    },
    onError,
  })
}
