/** The profile of one visitor of one site, as the database had it at one moment. All texts are hostile input. */
export interface VisitorProfile {
  ghostVid: string
  score: number
  /** The site's id of this person, an e-mail address or any other id; null while anonymous. */
  identifiedUserId: string | null
  name: string | null
  company: string | null
  country: string | null
  city: string | null
  deviceType: string | null
  browser: string | null
  totalSessions: number
  totalPageviews: number
  totalTimeSeconds: number
  firstSeen: Date
  lastSeen: Date
  /** The site's own facts, a JSON object; null or absent when there are none, or they were not read. */
  traits?: unknown
  /** The newest sessions, newest first, at most `journeyMax`. */
  journey: readonly VisitorSession[]
  /** The newest events, newest first, at most `recentEventsMax`. */
  recentEvents: readonly VisitorEvent[]
}

export interface VisitorSession {
  sessionId: string
  startedAt: Date
  endedAt: Date | null
  pageviewCount: number
  entryPage: string | null
  exitPage: string | null
  referrer: string | null
}

export interface VisitorEvent {
  type: string
  page: string | null
  timestamp: Date
}

const sampleSeenAt = new Date('2026-03-10T17:14:22.000Z')

/** The profile that a test of a destination sends. It is marked as a sample, so that nobody takes it for a lead. */
export const sampleVisitor: VisitorProfile = {
  ghostVid: 'gv_sample_ghostpost_test',
  score: 65,
  identifiedUserId: 'sample@example.com',
  name: 'Sample Visitor (Ghostpost test)',
  company: 'Ghostpost test',
  country: 'United States',
  city: 'Austin',
  deviceType: 'desktop',
  browser: 'Chrome',
  totalSessions: 1,
  totalPageviews: 2,
  totalTimeSeconds: 60,
  firstSeen: sampleSeenAt,
  lastSeen: sampleSeenAt,
  journey: [
    {
      sessionId: 'gs_sample',
      startedAt: new Date('2026-03-10T17:13:22.000Z'),
      endedAt: sampleSeenAt,
      pageviewCount: 2,
      entryPage: '/',
      exitPage: '/ghostpost-test',
      referrer: null,
    },
  ],
  recentEvents: [{ type: 'ghostpost_test', page: '/ghostpost-test', timestamp: sampleSeenAt }],
}

export const journeyMax = 10
export const recentEventsMax = 20

const emailLocalPart = String.raw`(?!\.)(?!.*\.[.@])[^\s\p{C}@<>()[\]\\,;:"]{1,64}`
const domainLabel = String.raw`[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?`
const topLevelDomain = String.raw`(?:[\p{L}\p{M}]{2,63}|xn--[a-z0-9-]{1,59})`
/** As strict as HubSpot and Salesforce, which refuse a whole contact because of an invalid address. */
const emailShape = new RegExp(`^${emailLocalPart}@(?:${domainLabel}\\.)+${topLevelDomain}$`, 'iu')
/** RFC 5321 §4.5.3.1.3: a path is at most 256 octets, brackets included. */
const emailLengthMax = 254
/** With what forms and links add. */
const identifierLengthMax = 2_048

/** Forms and links add these to an address: white space, control and invisible characters, and `mailto:`. */
const addressMargin = /^[\s\p{C}\p{Z}]+|[\s\p{C}\p{Z}]+$/gu
const mailto = /^mailto:/i

/** The visitor's e-mail address if their id is one, without white space around it and `mailto:`; else null. */
export function emailOf(profile: Pick<VisitorProfile, 'identifiedUserId'>): string | null {
  const id = profile.identifiedUserId
  if (id === null || id.length > identifierLengthMax) return null
  const trimmed = id.replace(addressMargin, '')
  const address = mailto.test(trimmed) ? addressOfLink(trimmed) : trimmed
  return address.length <= emailLengthMax && emailShape.test(address) ? address : null
}

/** The address of a `mailto:` link (RFC 6068), which may be percent-encoded and followed by headers. */
function addressOfLink(link: string): string {
  const address = link.replace(mailto, '').replace(/\?.*$/s, '')
  try {
    return decodeURIComponent(address).replace(addressMargin, '')
  } catch {
    return address.replace(addressMargin, '')
  }
}

export function statusOf(profile: Pick<VisitorProfile, 'identifiedUserId'>): 'identified' | 'anonymous' {
  return profile.identifiedUserId === null ? 'anonymous' : 'identified'
}
