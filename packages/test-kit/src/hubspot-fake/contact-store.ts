import {
  contactExists,
  invalidProperties,
  ok,
  refusal,
  type HubspotResponse,
  type PropertyProblem,
} from './hubspot-responses.ts'

export interface PropertyDefinition {
  name: string
  type: 'string' | 'number' | 'datetime' | 'enumeration'
  options?: readonly string[]
  /** Nobody may write it. */
  isReadOnly?: boolean
  hasUniqueValue?: boolean
}

export interface Contact {
  id: string
  properties: Record<string, string>
  /** The contact's page. */
  url: string
  createdAt: string
  updatedAt: string
}

const portalId = 4_242_424

/** HubSpot's own traffic sources. https://knowledge.hubspot.com/properties/understand-source-properties */
const trafficSources = [
  'ORGANIC_SEARCH',
  'PAID_SEARCH',
  'EMAIL_MARKETING',
  'SOCIAL_MEDIA',
  'REFERRALS',
  'OTHER_CAMPAIGNS',
  'DIRECT_TRAFFIC',
  'OFFLINE',
  'PAID_SOCIAL',
  'AI_REFERRALS',
]

const text = (name: string): PropertyDefinition => ({ name, type: 'string' })

/** The default properties of every account that these tests use. */
const standardProperties: readonly PropertyDefinition[] = [
  { name: 'email', type: 'string', hasUniqueValue: true },
  ...['firstname', 'lastname', 'phone', 'city', 'country', 'company'].map(text),
  { name: 'hs_analytics_source', type: 'enumeration', options: trafficSources },
]

/** The contacts and properties of one account, with HubSpot's rules. */
export class ContactStore {
  readonly contacts = new Map<string, Contact>()
  readonly properties = new Map(standardProperties.map((property) => [property.name, property]))
  readonly groups = new Set(['contactinformation'])
  /** Refuse a new contact without e-mail address, first and last name, as the documentation says. */
  needsName = true
  readonly #secondaryEmails = new Map<string, Set<string>>()
  readonly #mergedInto = new Map<string, string>()
  #nextId = 101

  find(idProperty: string | null, value: string): Contact | undefined {
    if (idProperty === null) return this.contacts.get(this.#mergedInto.get(value) ?? value)
    const normalisedValue = normalised(idProperty, value)
    const all = [...this.contacts.values()]
    const found = all.find(({ properties }) => properties[idProperty] === normalisedValue)
    if (found || idProperty !== 'email') return found
    return all.find(({ id }) => this.#secondaryEmails.get(id)?.has(normalisedValue))
  }

  /**
   * Merges two contacts: the first stays, with the other's address as a secondary one, and with the other's values
   * where it has none. The other's id leads to it. https://knowledge.hubspot.com/records/merge-records
   */
  merge(kept: Contact, other: Contact): void {
    const emails = this.#secondaryEmails.get(kept.id) ?? new Set()
    for (const email of [other.properties['email'], ...(this.#secondaryEmails.get(other.id) ?? [])])
      if (email) emails.add(email)
    this.#secondaryEmails.set(kept.id, emails)
    for (const [name, value] of Object.entries(other.properties))
      if (!kept.properties[name] && name !== 'email') kept.properties[name] = value
    this.#mergedInto.set(other.id, kept.id)
    this.contacts.delete(other.id)
  }

  create(input: unknown): HubspotResponse {
    const read = this.#read(input)
    if ('refused' in read) return read.refused
    const conflict = this.#conflict(read.properties, undefined)
    if (conflict) return conflict
    const unnamed =
      this.needsName && !['email', 'firstname', 'lastname'].some((name) => read.properties[name])
    if (unnamed)
      return refusal(400, 'VALIDATION_ERROR', 'A contact needs at least one of: email, firstname, lastname')
    return ok(201, this.#write(read.properties, undefined))
  }

  update(contact: Contact, input: unknown): HubspotResponse {
    const read = this.#read(input)
    if ('refused' in read) return read.refused
    return this.#conflict(read.properties, contact) ?? ok(200, this.#write(read.properties, contact))
  }

  /** One input of a batch/upsert. */
  upsert(input: { id?: unknown; idProperty?: unknown; properties?: unknown }): HubspotResponse {
    if (typeof input.id !== 'string' || typeof input.idProperty !== 'string') {
      return refusal(400, 'VALIDATION_ERROR', 'Invalid input JSON: id and idProperty are required')
    }
    const definition = this.properties.get(input.idProperty)
    if (!definition) return invalidProperties([doesNotExist(input.idProperty)])
    if (!definition.hasUniqueValue) {
      return refusal(400, 'VALIDATION_ERROR', `${input.idProperty} is not a unique property`)
    }
    const properties = { ...(input.properties as object), [input.idProperty]: input.id }
    const found = this.find(input.idProperty, input.id)
    // "Partial upserts are not supported when using email as the idProperty" (contacts guide): the contact loses the
    // omitted properties.
    if (found && input.idProperty === 'email') found.properties = {}
    const response = found ? this.update(found, properties) : this.create(properties)
    return response.status >= 300 ? response : ok(200, { ...(response.body as object), new: !found })
  }

  #read(input: unknown): { properties: Record<string, string> } | { refused: HubspotResponse } {
    if (typeof input !== 'object' || input === null) {
      return { refused: refusal(400, 'VALIDATION_ERROR', 'Invalid input JSON') }
    }
    if (Object.values(input).some((value) => typeof value !== 'string')) {
      return { refused: refusal(400, 'VALIDATION_ERROR', 'Invalid input JSON: Cannot deserialize value') }
    }
    const entries = Object.entries(input as Record<string, string>)
    const problems = entries.flatMap(([name, value]) => this.#problem(name, value))
    if (problems.length > 0) return { refused: invalidProperties(problems) }
    return { properties: Object.fromEntries(entries.map(([name, value]) => [name, normalised(name, value)])) }
  }

  #problem(name: string, value: string): PropertyProblem[] {
    const definition = this.properties.get(name)
    if (!definition) return [doesNotExist(name)]
    if (value === '') return []
    const problem = (code: string, message: string): PropertyProblem[] => [{ name, code, message }]
    if (definition.isReadOnly) return problem('READ_ONLY_VALUE', `${name} is a read only property`)
    if (definition.options && !definition.options.includes(value)) {
      return problem('INVALID_OPTION', `${value} was not one of the allowed options`)
    }
    if (definition.type === 'number' && !/^-?\d+(\.\d+)?$/.test(value)) {
      return problem('INVALID_LONG', `${value} was not a valid long.`)
    }
    if (definition.type === 'datetime' && !/^(\d{4}-\d\d-\d\dT[\d:.]+Z|\d{12,13})$/.test(value)) {
      return problem('INVALID_DATE', `${value} was not a valid date.`)
    }
    if (name === 'email' && !/^[^\s@<>()[\],;:"]+@([a-z\d-]+\.)+[a-z]{2,}$/i.test(value)) {
      return problem('INVALID_EMAIL', `Email address ${value} is invalid`)
    }
    if (value.length > 65_536) return problem('PROPERTY_LENGTH_TOO_LONG', 'too long')
    return []
  }

  #conflict(properties: Record<string, string>, self: Contact | undefined): HubspotResponse | undefined {
    for (const [name, value] of Object.entries(properties)) {
      if (!this.properties.get(name)?.hasUniqueValue || value === '') continue
      const other = this.find(name, value)
      if (!other || other === self) continue
      if (name === 'email') return contactExists(other.id)
      const code = 'CONFLICTING_UNIQUE_VALUE'
      return invalidProperties([{ name, code, message: `${other.id} already has that value.` }])
    }
    return undefined
  }

  #write(properties: Record<string, string>, contact: Contact | undefined): Contact {
    const now = new Date().toISOString()
    const id = contact?.id ?? String(this.#nextId++)
    const url = `https://app-eu1.hubspot.com/contacts/${portalId}/record/0-1/${id}`
    const written = contact ?? { id, properties: {}, url, createdAt: now, updatedAt: now }
    Object.assign(written.properties, properties)
    written.updatedAt = now
    this.contacts.set(written.id, written)
    return written
  }
}

function doesNotExist(name: string): PropertyProblem {
  return { name, code: 'PROPERTY_DOESNT_EXIST', message: `Property "${name}" does not exist` }
}

/** HubSpot stores e-mail addresses in lower case. */
function normalised(name: string, value: string): string {
  return name === 'email' ? value.toLowerCase() : value
}
