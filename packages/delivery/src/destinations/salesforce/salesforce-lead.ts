import { clipText, lineOf } from '../../text/clip-text.ts'
import { textValue } from '../../text/profile-json.ts'
import { personNameOf } from '../../visitors/person-name.ts'
import { emailOf, type VisitorProfile } from '../../visitors/visitor-profile.ts'

/**
 * Lengths of the Lead's standard fields.
 * https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_lead.htm
 */
const lengthMax = { firstName: 40, lastName: 80, company: 255, city: 40, country: 80, email: 80 }

/** Salesforce's marker for an unknown company. */
const companyNotProvided = '[not provided]'

/** The contract's keys, in its order. */
export function documentedLead(profile: VisitorProfile) {
  const email = emailOf(profile)
  return {
    Ghost_Visitor_ID__c: textValue(profile.ghostVid),
    Email: email !== null && email.length <= lengthMax.email ? email : null,
    City: fieldOf(profile.city, lengthMax.city),
    Country: fieldOf(profile.country, lengthMax.country),
    LeadSource: 'GHOST Visitor Intelligence',
    Ghost_Score__c: profile.score,
    Ghost_Sessions__c: profile.totalSessions,
    Ghost_Pageviews__c: profile.totalPageviews,
  }
}

/** True for a URL that creates Leads through Salesforce's REST API. */
export function isLeadEndpoint(url: URL): boolean {
  return /^\/services\/data\/[^/]+\/sobjects\/Lead\/?$/i.test(url.pathname)
}

/** The fields that Salesforce requires of a new Lead, with placeholders for unknown values. */
export function requiredFields(profile: VisitorProfile) {
  const { LastName, Company } = knownFields(profile)
  return {
    LastName: LastName ?? placeholderName(emailOf(profile), profile.ghostVid),
    Company: Company ?? companyNotProvided,
  }
}

/** The same two fields, null where the value is unknown. */
function knownFields(profile: VisitorProfile) {
  return {
    LastName: fieldOf(profile.name, lengthMax.lastName),
    Company: fieldOf(profile.company, lengthMax.company),
  }
}

/** The known name in two parts and the company; null where a value is unknown. */
export function personFields(profile: VisitorProfile) {
  const person = personNameOf(profile.name)
  return {
    FirstName: fieldOf(person?.first ?? null, lengthMax.firstName),
    LastName: fieldOf(person?.last ?? null, lengthMax.lastName),
    Company: fieldOf(profile.company, lengthMax.company),
  }
}

/** Placeholders for the two required fields. */
export function placeholderFields(email: string | null, ghostVid: string) {
  return { LastName: placeholderName(email, ghostVid), Company: companyNotProvided }
}

/** Whether a field has no value that a person entered: none, or a placeholder of ours. */
export function isUnset(value: unknown, placeholder: string | undefined): boolean {
  return value === undefined || value === null || value === '' || value === placeholder
}

function placeholderName(email: string | null, ghostVid: string): string {
  return fieldOf(email?.split('@')[0] ?? null, lengthMax.lastName) ?? unknownName(ghostVid)
}

/** A last name for a person of whom only the id is known; at most 80 characters. */
export function unknownName(ghostVid: string): string {
  return `Unknown (${clipText(ghostVid, lengthMax.lastName - 'Unknown ()'.length)})`
}

function fieldOf(text: string | null, max: number): string | null {
  const line = lineOf(text)
  return line === null ? null : clipText(line, max)
}
