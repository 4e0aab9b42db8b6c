import type { WebhookType } from '@ghostpost/client'
import type { CredentialsBody } from '@ghostpost/delivery/contract/credentials'
import type { DestinationBody, DestinationView } from '@ghostpost/delivery/contract/destination'
import { readCredentials } from './credential-kinds.ts'
import { readOptions } from './read-options.ts'

export interface DestinationDraft {
  name: string
  schedule: string
  rate: string
  concurrency: string
  options: DestinationView['options']
}

export const emptyDraft: DestinationDraft = {
  name: '',
  schedule: '',
  rate: '',
  concurrency: '',
  options: {},
}

/** The stored settings as form values. The API returns no secrets. */
export function draftOf({
  name,
  retry_schedule,
  rate_limit,
  concurrency,
  options,
}: DestinationView): DestinationDraft {
  return {
    name,
    schedule: retry_schedule ?? '',
    rate: rate_limit ? `${rate_limit.requests} per ${rate_limit.per_seconds} s` : '',
    concurrency: concurrency === null ? '' : String(concurrency),
    options,
  }
}

interface Settings {
  name: string
  webhook_url?: string
  keep_secrets?: true
  headers?: Record<string, string>
  credentials?: CredentialsBody | null
  options: DestinationView['options']
  retry_schedule: string | null
  rate_limit: { requests: number; per_seconds: number } | null
  concurrency: number | null
}

export type SettingsResult = { settings: Settings } | { problem: string }

/**
 * Reads the settings from a form, or the problem with it.
 * @param field reads a field by its name
 */
export function readSettings(type: WebhookType, field: (name: string) => string): SettingsResult {
  const [url, schedule, concurrency] = [
    field('url').trim(),
    field('schedule').trim(),
    field('concurrency').trim(),
  ]
  const rate = readRate(field('rate').trim())
  if (rate === undefined) return { problem: 'Write the rate limit as “100 per 60 s”.' }
  const headers = readHeaders(field('headers'))
  if (headers === undefined) return { problem: 'Write one header per line, as “name: value”.' }
  return {
    settings: {
      name: field('name').trim(),
      ...(url !== '' && { webhook_url: url }),
      ...(url !== '' && field('keep') !== '' && { keep_secrets: true as const }),
      ...(Object.keys(headers).length > 0 && { headers }),
      ...readCredentials(field),
      options: readOptions(type, field),
      retry_schedule: schedule === '' ? null : schedule,
      rate_limit: rate,
      concurrency: concurrency === '' ? null : Number(concurrency),
    },
  }
}

/** Leaves out null settings: a new destination has no setting to remove. */
export function createBodyOf({
  retry_schedule,
  rate_limit,
  concurrency,
  credentials,
  ...rest
}: Settings): Omit<DestinationBody, 'webhook_type' | 'webhook_url'> & { webhook_url?: string } {
  return {
    ...rest,
    ...(retry_schedule !== null && { retry_schedule }),
    ...(rate_limit !== null && { rate_limit }),
    ...(concurrency !== null && { concurrency }),
    ...(credentials && { credentials }),
  }
}

/** Undefined when the text is invalid. */
function readRate(text: string): Settings['rate_limit'] | undefined {
  if (text === '') return null
  const [, requests, seconds] = /^(\d+)\s*(?:per|\/)\s*(\d+)?\s*s(?:econds?)?$/.exec(text) ?? []
  return requests === undefined
    ? undefined
    : { requests: Number(requests), per_seconds: Number(seconds ?? 1) }
}

function readHeaders(text: string): Record<string, string> | undefined {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const pairs = lines.map((line) => /^\s*([^:\s]+)\s*:\s*(.*?)\s*$/.exec(line))
  if (pairs.includes(null)) return undefined
  return Object.fromEntries(
    pairs.flatMap((pair) => (pair?.[1] === undefined ? [] : [[pair[1], pair[2] ?? '']])),
  )
}
