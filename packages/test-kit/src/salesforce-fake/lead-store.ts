/** An answer in Salesforce's form; a text is sent as HTML. */
export interface SalesforceAnswer {
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
  Ghost_Visitor_ID__c: { type: 'string', length: 131 },
  Ghost_Score__c: { type: 'number' },
  Ghost_Sessions__c: { type: 'number' },
  Ghost_Pageviews__c: { type: 'number' },
}

const required = ['LastName', 'Company']

/** Errors come as a list. https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm */
export function refusal(
  status: number,
  errorCode: string,
  message: string,
  fields: readonly string[] = [],
): SalesforceAnswer {
  return { status, body: [{ message, errorCode, fields }] }
}

/** One organisation's Leads, with Salesforce's rules. */
export class LeadStore {
  readonly leads = new Map<string, Lead>()
  readonly fields = new Map(Object.entries(fields))
  externalIds = new Set(['Ghost_Visitor_ID__c'])
  #nextId = 1

  create(given: Record<string, unknown>): SalesforceAnswer {
    const problem = this.#problem(given) ?? this.#missing(given) ?? this.#duplicate(given)
    return problem ?? { status: 201, body: this.#created(this.#write({}, given)) }
  }

  update(lead: Lead, given: Record<string, unknown>): SalesforceAnswer {
    const emptied = required.filter((name) => given[name] === null || given[name] === '')
    if (emptied.length > 0) return fieldsMissing(emptied)
    const problem = this.#problem(given)
    if (problem) return problem
    this.#write(lead, given)
    return { status: 204 }
  }

  upsert(field: string, value: string, given: Record<string, unknown>): SalesforceAnswer {
    if (!this.externalIds.has(field) || !this.fields.has(field)) {
      const message = `Provided external ID field does not exist or is not accessible: ${field}`
      return refusal(404, 'NOT_FOUND', message)
    }
    if (field in given) {
      const message = `The ${field} field should not be specified in the sobject data`
      return refusal(400, 'INVALID_FIELD', message, [field])
    }
    const found = [...this.leads.values()].find((lead) => lead[field] === value)
    if (!found) return this.create({ ...given, [field]: value })
    const updated = this.update(found, given)
    if (updated.status !== 204) return updated
    return { status: 200, body: { id: found.Id, success: true, errors: [], created: false } }
  }

  #created(lead: Lead): object {
    return { id: lead.Id, success: true, errors: [], created: true }
  }

  #problem(given: Record<string, unknown>): SalesforceAnswer | undefined {
    for (const [name, value] of Object.entries(given)) {
      const field = this.fields.get(name)
      if (!field) return refusal(400, 'INVALID_FIELD', `No such column '${name}' on sobject of type Lead`)
      if (value === null) continue
      const wrong = valueProblem(name, field, value)
      if (wrong) return wrong
    }
    return undefined
  }

  #missing(given: Record<string, unknown>): SalesforceAnswer | undefined {
    const missing = required.filter((name) => typeof given[name] !== 'string' || given[name].trim() === '')
    return missing.length === 0 ? undefined : fieldsMissing(missing)
  }

  #duplicate(given: Record<string, unknown>): SalesforceAnswer | undefined {
    for (const field of this.externalIds) {
      const other = [...this.leads.values()].find((lead) => field in given && lead[field] === given[field])
      if (other) {
        const message = `duplicate value found: ${field} duplicates value on record with id: ${other.Id}`
        return refusal(400, 'DUPLICATE_VALUE', message)
      }
    }
    return undefined
  }

  #write(lead: Partial<Lead>, given: Record<string, unknown>): Lead {
    const Id = lead.Id ?? `00Q${String(this.#nextId++).padStart(15, '0')}`
    const written: Lead = Object.assign(lead, given, { Id })
    this.leads.set(Id, written)
    return written
  }
}

function fieldsMissing(names: readonly string[]): SalesforceAnswer {
  const message = `Required fields are missing: [${names.join(', ')}]`
  return refusal(400, 'REQUIRED_FIELD_MISSING', message, names)
}

function valueProblem(name: string, field: FieldDefinition, value: unknown): SalesforceAnswer | undefined {
  const wanted = field.type === 'number' ? 'number' : 'string'
  if (typeof value !== wanted) {
    return refusal(
      400,
      'JSON_PARSER_ERROR',
      `Cannot deserialize instance of ${wanted} from ${typeof value} value`,
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
