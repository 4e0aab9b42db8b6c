import { kindLabels } from '../../ui/kind-label.ts'

/** Actions in the log's own words, as `Operation started`. */
export function tellAction(action: string): string {
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
export function tellDetails(details: Readonly<Record<string, unknown>>): string {
  const said = Object.entries(details).filter(([, value]) => value !== null && value !== '')
  return said
    .map(([name, value]) => `${words[name] ?? name.replaceAll('_', ' ')}: ${tellValue(value)}`)
    .join(' · ')
}

function tellValue(value: unknown): string {
  if (Array.isArray(value)) return value.map(tellValue).join(', ')
  if (typeof value !== 'string') return JSON.stringify(value)
  return value in kindLabels ? kindLabels[value as keyof typeof kindLabels] : (words[value] ?? value)
}
