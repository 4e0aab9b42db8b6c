import { destinationKindLabels } from '../../ui/destination-kind-labels.ts'

/** Actions in the log's own words, as `Operation started`. */
export function formatAction(action: string): string {
  const [subject = '', verb = ''] = action.split('.')
  const words = `${subject} ${verb}`.replaceAll('_', ' ').replace('re exported', 're-exported').trim()
  return (words[0]?.toUpperCase() ?? '') + words.slice(1)
}

const words: Readonly<Record<string, string>> = {
  webhook_type: 'kind',
  receiver_host: 'receiver',
  stateReason: 'reason',
  retrySchedule: 'retry schedule',
  rateLimit: 'rate limit',
}

/** What was noted beside, as `fields: name, rate`. */
export function formatDetails(details: Readonly<Record<string, unknown>>): string {
  const present = Object.entries(details).filter(([, value]) => value !== null && value !== '')
  return present
    .map(([name, value]) => `${words[name] ?? name.replaceAll('_', ' ')}: ${formatValue(value)}`)
    .join(' · ')
}

function formatValue(value: unknown): string {
  if (Array.isArray(value)) return value.map(formatValue).join(', ')
  if (typeof value !== 'string') return JSON.stringify(value)
  return value in destinationKindLabels
    ? destinationKindLabels[value as keyof typeof destinationKindLabels]
    : (words[value] ?? value)
}
