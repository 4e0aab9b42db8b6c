/** How long a test waits for a condition before it fails; generous, as a slow machine is no failure. */
const waitMaxMs = 40_000
const pauseMs = 15

/** Waits until `probe` gives something, and returns it. Fails with `what` when it does not come. */
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
  throw new Error(`Waited ${timeoutMs} ms in vain until ${what}.`)
}
