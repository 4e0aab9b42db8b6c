import { destinationOf, type WebhookType } from '../destinations/registry.ts'
import type { Authorize } from './access.ts'
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
  target: Pick<ClaimTarget, 'url' | 'headers' | 'credentials' | 'options'>
  userAgent: string
  /** Upper bound for all requests together, in milliseconds. */
  withinMs: number
}

/**
 * Reads the fields of a CRM, and returns why exports would fail or mix people up, one sentence each. Empty for
 * destinations without a CRM mode, and when the CRM does not show its fields.
 */
export async function checkSetup(
  { webhookType, destinationId, siteId, target, userAgent, withinMs }: SetupInput,
  ports: SetupPorts,
): Promise<string[]> {
  const destination = destinationOf(webhookType, target.credentials, target.options)
  const { setup, nextVariant: _, ...once } = destination
  if (!setup) return []
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
  return outcome.kind === 'answered' ? setup.problemsIn(outcome) : []
}
