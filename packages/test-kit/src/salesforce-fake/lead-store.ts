/** A response in Salesforce's format. A string is sent as HTML. */
export interface SalesforceResponse {
  status: number
  body?: unknown
}

interface FieldDefinition {
  type: 'string' | 'number' | 'email'
  length?: number
}

export type Lead = Record<string, unknown> & { Id: string }

/** Lengths of the standard fields: Salesforce's object reference, Lead. */
const fields: Readonly<Record<string, FieldDefinition>> = {
  LastName: { type: 'string', length: 80 },
  FirstName: { type: 'string', length: 40 },
  Company: { type: 'string', length: 255 },
  City: { type: 'string', length: 40 },
  Country: { type: 'string', length: 80 },
  Email: { type: 'email', length: 80 },
  LeadSource: { type: 'string', length: 255 },
  Ghost_Visitor_ID__c: { type: 'string', length: 255 },
  Ghost_Score__c: { type: 'number' },
  Ghost_Sessions__c: { type: 'number' },
  Ghost_Pageviews__c: { type: 'number' },
}

const required = ['LastName', 'Company']

const fieldTypes = { string: 'string', email: 'email', number: 'double' } as const

/** Errors are a list. https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm */
export function refusal(
  status: number,
  errorCode: string,
  message: string,
  fields: readonly string[] = [],
): SalesforceResponse {
  return { status, body: [{ message, errorCode, fields }] }
}

/** The Leads of one organisation, with Salesforce's rules. */
export class LeadStore {
  readonly leads = new Map<string, Lead>()
  readonly fields = new Map(Object.entries(fields))
  externalIds = new Set(['Ghost_Visitor_ID__c'])
  readonly contacts = new Map<string, Record<string, unknown>>()
  /** The fields of Contacts. */
  readonly contactFields = new Set([
    'LastName',
    'Email',
    'Ghost_Score__c',
    'Ghost_Sessions__c',
    'Ghost_Pageviews__c',
  ])
  /** By the id of a Lead: the id of the Contact that it was converted into. */
  readonly converted = new Map<string, string>()
  /** Ids of records in the recycle bin. */
  readonly deleted = new Set<string>()
  /** Ids of records that an approval process locks. */
  readonly locked = new Set<string>()
  /** Fields that the user may not edit. */
  readonly readOnly = new Set<string>()
  /** The values of restricted picklists. */
  readonly picklists = new Map<string, ReadonlySet<string>>()
  #nextId = 1

  create(input: Record<string, unknown>): SalesforceResponse {
    const problem = this.#problem(input) ?? this.#missing(input) ?? this.#duplicate(input)
    return problem ?? { status: 201, body: this.#created(this.#write({}, input)) }
  }

  /** Moves a Lead to the recycle bin. */
  remove(lead: Lead): void {
    this.leads.delete(lead.Id)
    this.deleted.add(lead.Id)
  }

  /** The fields of Leads, as a describe call shows them. */
  describe(): object {
    const described = [...this.fields].map(([name, field]) => ({
      name,
      label: name.replace('__c', '').replaceAll('_', ' '),
      type: fieldTypes[field.type],
      length: field.length ?? 0,
      createable: !this.readOnly.has(name),
      updateable: !this.readOnly.has(name),
      externalId: this.externalIds.has(name),
      unique: this.externalIds.has(name),
      caseSensitive: this.externalIds.has(name),
      restrictedPicklist: this.picklists.has(name),
      picklistValues: [...(this.picklists.get(name) ?? [])].map((value) => ({ value, active: true })),
    }))
    return { name: 'Lead', fields: described }
  }

  update(lead: Lead, input: Record<string, unknown>): SalesforceResponse {
    if (this.converted.has(lead.Id))
      return refusal(400, 'CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead')
    if (this.locked.has(lead.Id)) return refusal(400, 'ENTITY_IS_LOCKED', 'this record is locked')
    const emptied = required.filter((name) => input[name] === null || input[name] === '')
    if (emptied.length > 0) return fieldsMissing(emptied)
    const problem = this.#problem(input)
    if (problem) return problem
    this.#write(lead, input)
    return { status: 204 }
  }

  upsert(field: string, value: string, input: Record<string, unknown>): SalesforceResponse {
    if (!this.externalIds.has(field) || !this.fields.has(field)) {
      const message = `Provided external ID field does not exist or is not accessible: ${field}`
      return refusal(404, 'NOT_FOUND', message)
    }
    if (field in input) {
      const message = `The ${field} field should not be specified in the sobject data`
      return refusal(400, 'INVALID_FIELD', message, [field])
    }
    const found = [...this.leads.values()].find((lead) => lead[field] === value)
    if (!found) return this.create({ ...input, [field]: value })
    const updated = this.update(found, input)
    if (updated.status !== 204) return updated
    return { status: 200, body: { id: found.Id, success: true, errors: [], created: false } }
  }

  /** Converts a Lead into a Contact with its values. */
  convert(lead: Lead): string {
    const id = `003${String(this.#nextId++).padStart(15, '0')}`
    const values = Object.entries(lead).filter(([name]) => this.contactFields.has(name))
    this.contacts.set(id, { ...Object.fromEntries(values), Id: id })
    this.converted.set(lead.Id, id)
    return id
  }

  updateContact(id: string, input: Record<string, unknown>): SalesforceResponse {
    const contact = this.contacts.get(id)
    if (!contact) return refusal(404, 'ENTITY_IS_DELETED', 'entity is deleted')
    const unknown = Object.keys(input).find((name) => !this.contactFields.has(name))
    if (unknown !== undefined)
      return refusal(400, 'INVALID_FIELD', `No such column '${unknown}' on sobject of type Contact`)
    Object.assign(contact, input)
    return { status: 204 }
  }

  /** A Lead as a read shows it. */
  shown(lead: Lead): Record<string, unknown> {
    const contactId = this.converted.get(lead.Id) ?? null
    return { ...lead, IsConverted: contactId !== null, ConvertedContactId: contactId }
  }

  #created(lead: Lead): object {
    return { id: lead.Id, success: true, errors: [], created: true }
  }

  #problem(input: Record<string, unknown>): SalesforceResponse | undefined {
    for (const [name, value] of Object.entries(input)) {
      const field = this.fields.get(name)
      if (!field) return refusal(400, 'INVALID_FIELD', `No such column '${name}' on sobject of type Lead`)
      if (value === null) continue
      if (this.readOnly.has(name)) {
        const message = `Unable to create/update fields: ${name}. Please check the security settings of this field`
        return refusal(400, 'INVALID_FIELD_FOR_INSERT_UPDATE', message, [name])
      }
      if (this.picklists.get(name)?.has(textOf(value)) === false) {
        const message = `${name}: bad value for restricted picklist field: ${textOf(value)}`
        return refusal(400, 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', message, [name])
      }
      const wrong = valueProblem(name, field, value)
      if (wrong) return wrong
    }
    return undefined
  }

  #missing(input: Record<string, unknown>): SalesforceResponse | undefined {
    const missing = required.filter((name) => typeof input[name] !== 'string' || input[name].trim() === '')
    return missing.length === 0 ? undefined : fieldsMissing(missing)
  }

  #duplicate(input: Record<string, unknown>): SalesforceResponse | undefined {
    for (const field of this.externalIds) {
      const other = [...this.leads.values()].find((lead) => field in input && lead[field] === input[field])
      if (other) {
        const message = `duplicate value found: ${field} duplicates value on record with id: ${other.Id}`
        return refusal(400, 'DUPLICATE_VALUE', message)
      }
    }
    return undefined
  }

  #write(lead: Partial<Lead>, input: Record<string, unknown>): Lead {
    const Id = lead.Id ?? `00Q${String(this.#nextId++).padStart(15, '0')}`
    const written: Lead = Object.assign(lead, input, { Id })
    this.leads.set(Id, written)
    return written
  }
}

function fieldsMissing(names: readonly string[]): SalesforceResponse {
  const message = `Required fields are missing: [${names.join(', ')}]`
  return refusal(400, 'REQUIRED_FIELD_MISSING', message, names)
}

function valueProblem(name: string, field: FieldDefinition, value: unknown): SalesforceResponse | undefined {
  const expectedType = field.type === 'number' ? 'number' : 'string'
  if (typeof value !== expectedType) {
    return refusal(
      400,
      'JSON_PARSER_ERROR',
      `Cannot deserialize instance of ${expectedType} from ${typeof value} value`,
    )
  }
  if (typeof value !== 'string') return undefined
  if (field.length !== undefined && value.length > field.length) {
    const label = name.replace('__c', '').replaceAll('_', ' ')
    const message = `${label}: data value too large: ${value} (max length=${field.length})`
    return refusal(400, 'STRING_TOO_LONG', message, [name])
  }
  const isEmail = /^[^\s@]+@([^\s@.]+\.)+[^\s@.]{2,}$/.test(value)
  if (field.type === 'email' && value !== '' && !isEmail) {
    return refusal(400, 'INVALID_EMAIL_ADDRESS', `Email: invalid email address: ${value}`, [name])
  }
  return undefined
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
