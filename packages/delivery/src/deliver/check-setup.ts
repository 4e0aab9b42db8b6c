import { destinationOf, type WebhookType } from '../destinations/registry.ts'
import type { Authorize } from './access.ts'
import type { Mapping } from '../destinations/mapping/mapping.ts'
import type { HttpResponse } from './outcome.ts'
import { sendWithAccess } from './send-with-access.ts'
import type { ClaimTarget, SendRequest } from './ports.ts'

interface SetupPorts {
  send: SendRequest
  authorize: Authorize
  now: () => Date
}

interface SetupInput {
  webhookType: WebhookType
  destinationId: string
  siteId: number
  target: Pick<ClaimTarget, 'url' | 'headers' | 'credentials' | 'options' | 'mapping'>
  userAgent: string
  /** Upper bound for all requests together, in milliseconds. */
  withinMs: number
}

/**
 * Reads the fields of a CRM, and returns why exports would fail or mix people up, one sentence each. Empty for
 * destinations without a CRM mode, and when the CRM does not show its fields.
 */
export async function checkSetup(input: SetupInput, ports: SetupPorts): Promise<string[]> {
  const { setup } = destinationOf(input.webhookType, input.target.credentials)
  const response = await readFields(input, ports)
  if (!setup || response === null) return []
  const { mapping } = input.target
  const ofMapping = mapping ? setup.mappingProblemsIn(response, mapping) : []
  return [
    ...setup.problemsIn(response),
    ...ofMapping.map(({ field, expected }) => `${field} must be ${expected}.`),
  ]
}

/**
 * Reads the fields of a CRM, and returns what is wrong with a mapping there. Empty for destinations without a CRM mode,
 * and when the CRM does not show its fields.
 */
export async function checkMapping(
  input: SetupInput,
  mapping: Mapping,
  ports: SetupPorts,
): Promise<{ field: string; expected: string }[]> {
  const { setup } = destinationOf(input.webhookType, input.target.credentials)
  const response = await readFields(input, ports)
  return setup && response ? setup.mappingProblemsIn(response, mapping) : []
}

/** The description of the CRM's fields; null without a CRM mode or without a response. */
async function readFields(
  { webhookType, destinationId, siteId, target, userAgent, withinMs }: SetupInput,
  ports: SetupPorts,
): Promise<HttpResponse | null> {
  const destination = destinationOf(webhookType, target.credentials, target.options)
  const { setup, nextVariant: _, ...once } = destination
  if (!setup) return null
  const webhookUrl = new URL(target.url)
  const { headers } = destination.prepareRequest(webhookUrl, userAgent, '{}')
  const request = {
    method: 'GET' as const,
    url: setup.url(webhookUrl),
    headers: { 'user-agent': userAgent, ...headers, ...target.headers },
    body: '',
    signing: null,
    siteId,
    freshConnection: false,
  }
  const input = { destination: once, destinationId, webhookUrl: target.url, payload: '', request, withinMs }
  const { outcome } = await sendWithAccess(input, ports)
  return outcome.kind === 'answered' ? outcome : null
}
