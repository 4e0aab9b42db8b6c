/** Prisma's code for a violated unique constraint. https://www.prisma.io/docs/orm/reference/error-reference#p2002 */
const uniqueViolation = 'P2002'

/** The result of `write`, or null when the name is taken. */
export async function nullIfNameTaken<T>(write: () => Promise<T>): Promise<T | null> {
  try {
    return await write()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === uniqueViolation) return null
    throw error
  }
}
