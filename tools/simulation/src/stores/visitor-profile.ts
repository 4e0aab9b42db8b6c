import type { VisitorProfile } from '@ghostpost/delivery/visitors'
import type { VisitorRow } from './rows.ts'

const seen = new Date('2026-03-10T17:14:22.000Z')

/** The profile of a visitor. Its score shows which snapshot a payload was built from. */
export function visitorProfileOf({ ghostVid, score }: VisitorRow): VisitorProfile {
  return {
    ghostVid,
    score,
    identifiedUserId: `${ghostVid}@example.com`,
    name: null,
    company: null,
    country: null,
    city: `version ${score}`,
    deviceType: null,
    browser: null,
    totalSessions: score,
    totalPageviews: score,
    totalTimeSeconds: score,
    firstSeen: seen,
    lastSeen: seen,
    journey: [],
    recentEvents: [],
  }
}
