import { readFileSync } from 'node:fs'
import { judge, type HttpResponse, type Verdict } from '@ghostpost/delivery/deliver'
import {
  destinationOf,
  destinationTypes,
  readAccess,
  type WebhookType,
} from '@ghostpost/delivery/destinations'

/** One error response of a tool, as the public source shows or documents it. */
export interface ErrorResponse {
  tool: WebhookType
  /** Without credentials, with credentials, or from the token endpoint. */
  mode: 'plain' | 'crm' | 'token'
  status: number
  headers: Readonly<Record<string, string>>
  body: string
  source: string
}

export interface JudgedResponse {
  response: ErrorResponse
  verdict: Verdict
  /** Its cause is that of a status alone, although the response says more. */
  isGeneric: boolean
}

const receiverUrl = new URL('https://receiver.example/api/webhooks/1/token')

/** The causes of a status that say nothing of the reason. */
const genericCauses: ReadonlySet<string> = new Set([
  'bad_request',
  'request_refused',
  'unauthorized',
  'forbidden',
  'not_found',
  'conflict',
  'payload_rejected',
  'method_not_allowed',
  'unsupported_media_type',
  'receiver_gone',
  'unexpected_status',
  'hubspot_validation',
  'authorization_refused',
])

/** Every response of the corpus. */
export function readErrorCorpus(): ErrorResponse[] {
  const text = readFileSync(new URL('error-responses.json', import.meta.url), 'utf8')
  return JSON.parse(text) as ErrorResponse[]
}

/** Judges a response as an attempt does. */
export function judgeErrorResponse(response: ErrorResponse, now: Date): JudgedResponse {
  const { tool, mode, status, headers, body } = response
  const http: HttpResponse = {
    kind: 'answered',
    status,
    headers,
    body,
    bodyBytes: body.length,
    bodyEnd: 'complete',
  }
  const destination = mode === 'crm' ? crmOf(tool) : destinationOf(tool)
  const settings = { repeatUnknownOutcomes: false, requestUrl: receiverUrl, now }
  const verdict = mode === 'token' ? judgeToken(http, tool, now) : judge(http, destination, settings)
  return { response, verdict, isGeneric: isGeneric(tool, verdict) }
}

function judgeToken(http: HttpResponse, tool: WebhookType, now: Date): Verdict {
  const access = readAccess(http, receiverUrl)
  if (access.kind !== 'failed' || !('error' in access.failure))
    throw new Error('the token endpoint gave a token')
  const outcome = { kind: 'authorization_failed', failure: access.failure } as const
  return judge(outcome, destinationOf(tool), { repeatUnknownOutcomes: false, now })
}

function crmOf(tool: WebhookType) {
  const [kind] = destinationTypes[tool].traits.credentialKinds
  return kind === 'access_token'
    ? destinationOf(tool, { kind, access_token: 'token' })
    : destinationOf(tool, { kind: 'client_credentials', client_id: 'a', client_secret: 'b' })
}

/** A receiver of one's own says no more than its status, so no cause of a status is generic for it. */
function isGeneric(tool: WebhookType, verdict: Verdict): boolean {
  if (verdict.decision === 'delivered') return true
  const isUnknown = verdict.failure.cause === 'bad_request' || verdict.failure.cause === 'request_refused'
  return isUnknown || (!destinationTypes[tool].traits.signed && genericCauses.has(verdict.failure.cause))
}
