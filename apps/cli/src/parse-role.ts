import type { ApiKeyView } from '@ghostpost/client'
import { InvalidArgumentError } from 'commander'
import { UsageError } from './exit-codes.ts'

type Role = ApiKeyView['role']

const advice = 'Use viewer, operator or admin.'

/** Parses an option that is a role. */
export function parseRole(text: string): Role {
  if (isRole(text)) return text
  throw new InvalidArgumentError(advice)
}

/** Parses an argument that is a role. */
export function roleArgument(text: string): Role {
  if (isRole(text)) return text
  throw new UsageError(`"${text}" is not a role. ${advice}`)
}

function isRole(text: string): text is Role {
  return text === 'viewer' || text === 'operator' || text === 'admin'
}
