import { isRecord, recordOf, textOf, type JsonRecord } from './read-json.ts'
import { readUserAgent } from './read-user-agent.ts'

/** The fields of a profile that a message says. A field that it does not mention is absent. */
export interface SaidProfile {
  /** Null when the message has none. */
  email: string | null
  name?: string
  company?: string
  city?: string
  country?: string
  score?: number
  device_type?: string
  browser?: string
}

/** Names of https://segment.com/docs/connections/spec/identify/#traits and of the spec's context. */
export function profileOfMessage(message: JsonRecord): SaidProfile {
  const context = recordOf(message['context'])
  const traits = saidTraits(message)
  const address = recordOf(traits['address'])
  const location = recordOf(context['location'])
  const agent = readUserAgent(textOf(context['userAgent']))
  const texts = {
    name: textOf(traits['name']) ?? fullName(traits),
    company: companyOf(traits['company']),
    city: textOf(address['city']) ?? textOf(traits['city']) ?? textOf(location['city']),
    country: textOf(address['country']) ?? textOf(traits['country']) ?? textOf(location['country']),
    device_type: textOf(recordOf(context['device'])['type']) ?? agent.device,
    browser: agent.browser,
  }
  const score = traits['score']
  return {
    email: textOf(traits['email']),
    ...Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== null)),
    ...(isScore(score) && { score }),
  }
}

/** RudderStack's client sends the traits of an identify call in the context, too. */
function saidTraits(message: JsonRecord): JsonRecord {
  return { ...recordOf(recordOf(message['context'])['traits']), ...recordOf(message['traits']) }
}

/** The traits that are no field of the profile, with the campaign. */
export function traitsOfMessage(message: JsonRecord, userId: string | null): Record<string, unknown> {
  const traits = saidTraits(message)
  const own = Object.entries(traits).filter(([name, value]) => !isField(name, value))
  const campaign = Object.entries(recordOf(recordOf(message['context'])['campaign'])).flatMap(
    ([name, value]) => {
      const text = textOf(value)
      return text === null ? [] : [[`utm_${name === 'name' ? 'campaign' : name}`, text] as const]
    },
  )
  return Object.fromEntries([...campaign, ...(userId === null ? [] : [['user_id', userId] as const]), ...own])
}

const fieldNames: ReadonlySet<string> = new Set(['name', 'email', 'city', 'country'])

function isField(name: string, value: unknown): boolean {
  if (name === 'score') return isScore(value)
  if (name === 'company') return companyOf(value) !== null && !isRecord(value)
  return fieldNames.has(name) && (value === null || textOf(value) !== null)
}

function companyOf(company: unknown): string | null {
  return isRecord(company) ? textOf(company['name']) : textOf(company)
}

function fullName(traits: JsonRecord): string | null {
  const parts = [traits['firstName'] ?? traits['first_name'], traits['lastName'] ?? traits['last_name']]
  const name = parts.flatMap((part) => textOf(part) ?? []).join(' ')
  return name === '' ? null : name
}

/** A trait of this name with another meaning stays a trait. */
function isScore(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 100
}
