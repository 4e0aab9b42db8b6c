/** Default time limit of a wait; long enough for a machine that is busy with other work. */
const waitMaxMs = 60_000
const pauseMs = 15

/**
 * Calls `probe` every 15 ms until it returns a value other than null, undefined and false; returns that value.
 * @throws naming `what` after `timeoutMs`
 */
export async function waitUntil<T>(
  what: string,
  probe: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  timeoutMs = waitMaxMs,
): Promise<T> {
  const deadline = Date.now() + timeoutMs
  while (Date.now() < deadline) {
    const value = await probe()
    if (value !== null && value !== undefined && value !== false) return value
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
  throw new Error(`Waited ${timeoutMs} ms until ${what}, without success.`)
}
