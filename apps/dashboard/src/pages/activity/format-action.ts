import { destinationTypeLabels } from '../../ui/destination-types.ts'

/** Formats an audit action such as `operation.started` as `Operation started`. */
export function formatAction(action: string): string {
  const [subject = '', verb = ''] = action.split('.')
  const words = `${subject} ${verb}`.replaceAll('_', ' ').replace('re exported', 're-exported').trim()
  return (words[0]?.toUpperCase() ?? '') + words.slice(1)
}

const words: Readonly<Record<string, string>> = {
  webhook_type: 'type',
  receiver_host: 'receiver',
  stateReason: 'reason',
  retrySchedule: 'retry schedule',
  rateLimit: 'rate limit',
}

/** Formats the details of an entry, as `fields: name, rate`. */
export function formatDetails(details: Readonly<Record<string, unknown>>): string {
  const present = Object.entries(details).filter(([, value]) => value !== null && value !== '')
  return present
    .map(([name, value]) => `${words[name] ?? name.replaceAll('_', ' ')}: ${formatValue(value)}`)
    .join(' · ')
}

function formatValue(value: unknown): string {
  if (Array.isArray(value)) return value.map(formatValue).join(', ')
  if (typeof value !== 'string') return JSON.stringify(value)
  return value in destinationTypeLabels
    ? destinationTypeLabels[value as keyof typeof destinationTypeLabels]
    : (words[value] ?? value)
}
