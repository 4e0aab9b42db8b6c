/** Adds a line to the step under way. */
export type StepLog = (line: string) => void

/** Runs one step of the start and says so: a line when it begins to take long, a line when it is done. */
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
