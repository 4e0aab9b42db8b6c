import type { FastifyRequest } from 'fastify'
import { ApiError } from './api-error.ts'

const expected = 'text without the character U+0000'

/** Refuses a body with the character U+0000, which is valid in JSON but which Postgres cannot store. */
export async function refuseNullCharacters({ body }: FastifyRequest): Promise<void> {
  const field = fieldWithNull(body, 'body')
  if (field !== null) throw new ApiError('validation_failed', `Wrong: ${field}.`, [{ field, expected }])
}

/** The recursion is bounded: the schemas, checked before, limit the nesting. */
function fieldWithNull(value: unknown, field: string): string | null {
  if (typeof value === 'string') return value.includes('\0') ? field : null
  if (typeof value !== 'object' || value === null) return null
  for (const [name, inner] of Object.entries(value)) {
    if (name.includes('\0')) return field
    const found = fieldWithNull(inner, name)
    if (found !== null) return found
  }
  return null
}
