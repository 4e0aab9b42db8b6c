import type { SessionView } from '@ghostpost/delivery/contract/session'
import { createClient, type ClientOptions } from './create-client.ts'
import { orThrow } from './problem.ts'

export interface SignInResult {
  /** The token for `createClient`. Null in a browser, which keeps it in an HttpOnly cookie. */
  session: string | null
  view: SessionView
}

/**
 * Signs in. The API ends a session that the options contain.
 * @throws ApiProblem when e-mail address or password are wrong, or after too many tries
 */
export async function signIn(
  options: ClientOptions,
  { email, password }: { email: string; password: string },
): Promise<SignInResult> {
  const call = createClient(options).POST('/api/session', { body: { email, password } })
  const view = await orThrow(call)
  return { session: sessionTokenOf((await call).response.headers), view }
}

function sessionTokenOf(headers: Headers): string | null {
  for (const cookie of headers.getSetCookie()) {
    const [, token] = /^session=([^;]+)/.exec(cookie) ?? []
    if (token !== undefined) return token
  }
  return null
}
