/** Prints a line of the running step. */
export type StepLog = (line: string) => void

/** Runs one step of the start. Prints a line when the step is slow, and a line when it ends. */
export async function runStep<T>(name: string, work: (log: StepLog) => Promise<T>): Promise<T> {
  const startedAt = performance.now()
  const seconds = (): string => `${((performance.now() - startedAt) / 1_000).toFixed(1)} s`
  const slow = setTimeout(() => console.log(`  … ${name}`), 1_500)
  try {
    const result = await work((line) => console.log(`    ${name}: ${line}`))
    console.log(`  ✓ ${name} (${seconds()})`)
    return result
  } catch (error) {
    console.log(`  ✗ ${name} (${seconds()})`)
    throw error
  } finally {
    clearTimeout(slow)
  }
}
