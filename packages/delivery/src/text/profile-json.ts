import { recentEventsMax, statusOf, type VisitorProfile } from '../visitors/visitor-profile.ts'
import { clipText } from './clip-text.ts'
import { lineOf } from './text-line.ts'

/** The contract names no limit for these texts; this one keeps a payload from growing with what a tracker stored. */
const textLengthMax = 8_192

/** The keys `custom` and `discord` have in common, in the contract's order. */
export function identityOf(profile: VisitorProfile) {
  return {
    ghost_vid: textValue(profile.ghostVid),
    score: profile.score,
    status: statusOf(profile),
    identified_user_id: textValue(profile.identifiedUserId),
    location: { country: locationValue(profile.country), city: locationValue(profile.city) },
  }
}

/** The newest events, newest first. */
export function recentEventsOf(profile: VisitorProfile) {
  return profile.recentEvents.slice(0, recentEventsMax).map((event) => ({
    type: textValue(event.type),
    page: textValue(event.page),
    timestamp: timeValue(event.timestamp),
  }))
}

/** A visitor's text as a JSON value: unchanged, but well-formed and at most `textLengthMax` UTF-16 units long. */
export function textValue(text: string): string
export function textValue(text: string | null): string | null
export function textValue(text: string | null): string | null {
  return text === null ? null : clipText(text, textLengthMax)
}

/** ISO 8601 in UTC with milliseconds; null for a date that is none, as `toISOString` would throw. */
export function timeValue(date: Date | null): string | null {
  return date === null || Number.isNaN(date.getTime()) ? null : date.toISOString()
}

/** Trackers store an unknown place as nothing at all or as an empty text; the contract wants null for both. */
function locationValue(text: string | null): string | null {
  return lineOf(text) === null ? null : textValue(text)
}
