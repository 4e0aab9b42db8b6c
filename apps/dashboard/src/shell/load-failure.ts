import { ApiProblem } from '@ghostpost/client'

/** Whether a part of the dashboard's own code or styles did not load. */
export function isLoadFailure(error: Error): boolean {
  return (
    !(error instanceof ApiProblem) &&
    /dynamically imported module|module script|preload CSS|importing a module/i.test(error.message)
  )
}

/** What the server says about the dashboard now. */
export type ServerState = 'same_version' | 'new_version' | 'no_response'

/**
 * Compares the page that the server has now with the one that is open.
 * @param openScripts the addresses of the open page's scripts
 */
export async function readServerState(
  openScripts: readonly string[],
  read: () => Promise<Response> = () => fetch('/ops/', { cache: 'no-store' }),
): Promise<ServerState> {
  try {
    const response = await read()
    if (!response.ok) return 'no_response'
    const page = await response.text()
    return openScripts.every((script) => page.includes(script)) ? 'same_version' : 'new_version'
  } catch {
    return 'no_response'
  }
}

/** Paths of the scripts of the open page. */
export function openScripts(): string[] {
  return [...document.querySelectorAll<HTMLScriptElement>('script[type=module][src]')].map(
    ({ src }) => new URL(src).pathname,
  )
}
