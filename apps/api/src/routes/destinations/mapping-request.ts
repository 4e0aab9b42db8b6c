import { checkMapping } from '@ghostpost/delivery/deliver'
import {
  mappingProblems,
  type DestinationSecrets,
  type Mapping,
  type WebhookType,
} from '@ghostpost/delivery/destinations'
import { createAccessTokens } from '@ghostpost/infrastructure/outbound'
import { userAgent } from '@ghostpost/infrastructure/process'
import { ApiError } from '../../server/api-error.ts'
import type { RouteContext } from '../../server/route.ts'

/** How long the check of a mapping against the CRM's fields may take, in milliseconds. */
const checkTimeoutMs = 5_000

interface MappingInput {
  type: WebhookType
  destinationId: string
  siteId: number
  secrets: DestinationSecrets
}

/** Throws `validation_failed` for a mapping that the type cannot have. */
export function requireMapping(type: WebhookType, mapping: Mapping | null, hasCredentials: boolean): void {
  const problems = mapping === null ? [] : mappingProblems(type, mapping, hasCredentials)
  if (problems.length > 0) throw mappingRefused(problems)
}

/** Throws `validation_failed` for a mapping that does not fit the fields of the CRM, where these can be read. */
export async function requireMappingInCrm(context: RouteContext, input: MappingInput): Promise<void> {
  const problems = await mappingProblemsInCrm(context, input)
  if (problems.length > 0) throw mappingRefused(problems)
}

/** What is wrong with a mapping in the CRM; empty where its fields cannot be read. */
export async function mappingProblemsInCrm(
  { sender }: RouteContext,
  { type, destinationId, siteId, secrets }: MappingInput,
): Promise<{ field: string; expected: string }[]> {
  const { mapping = null } = secrets
  if (mapping === null || mapping.fields === undefined) return []
  const target = { ...secrets, credentials: secrets.credentials ?? null, options: secrets.options ?? {} }
  return checkMapping(
    { webhookType: type, destinationId, siteId, target, userAgent, withinMs: checkTimeoutMs },
    mapping,
    { send: sender.send, authorize: createAccessTokens(sender.send, userAgent), now: () => new Date() },
  )
}

function mappingRefused(problems: readonly { field: string; expected: string }[]): ApiError {
  const fields = problems.map(({ field }) => field).join(', ')
  return new ApiError('validation_failed', `Wrong or missing: ${fields}.`, [...problems])
}
