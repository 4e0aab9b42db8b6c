import { clipText, lineOf } from './clip-text.ts'
import { journeyMax, recentEventsMax, statusOf, type VisitorProfile } from '../visitors/visitor-profile.ts'

/** The contract sets no limit for these texts. Ours bounds the payload, whatever a tracker stored. */
const textLengthMax = 8_192

/** The keys that several destination types share, in the contract's order. */
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

/** The newest sessions, newest first. */
export function journeyOf(profile: VisitorProfile) {
  return profile.journey.slice(0, journeyMax).map((session) => ({
    session_id: textValue(session.sessionId),
    started_at: timeValue(session.startedAt),
    ended_at: timeValue(session.endedAt),
    pageview_count: session.pageviewCount,
    entry_page: textValue(session.entryPage),
    exit_page: textValue(session.exitPage),
    referrer: textValue(session.referrer),
  }))
}

/** The pages of a visitor. */
export function linksOf(profile: VisitorProfile, publicUrl: string) {
  const visitor = encodeURIComponent(textValue(profile.ghostVid))
  return {
    profile: `${publicUrl}/visitor/${visitor}`,
    connect: `${publicUrl}/talk/incoming?visitor=${visitor}`,
  }
}

/** A visitor's text as a JSON value: well-formed, clipped to `textLengthMax` UTF-16 units, otherwise unchanged. */
export function textValue(text: string): string
export function textValue(text: string | null): string | null
export function textValue(text: string | null): string | null {
  return text === null ? null : clipText(text, textLengthMax)
}

/** ISO 8601 in UTC with milliseconds; null for an invalid date, for which `toISOString` throws. */
export function timeValue(date: Date | null): string | null {
  return date === null || Number.isNaN(date.getTime()) ? null : date.toISOString()
}

/** Trackers store an unknown place as null or as an empty text. The contract has null for both. */
function locationValue(text: string | null): string | null {
  return lineOf(text) === null ? null : textValue(text)
}
