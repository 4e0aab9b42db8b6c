const triesMax = 5
const deadlock = '40P01'

/** Runs the work again when Postgres ended it: another program may write the same visitors in another order. */
export async function againAfterDeadlock<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work()
    } catch (error) {
      const isDeadlock = error instanceof Error && 'code' in error && error.code === deadlock
      if (!isDeadlock || tries === triesMax) throw error
    }
  }
}
