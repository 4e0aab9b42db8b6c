import type { BuildOptions } from '../../src/destinations/destination.ts'
import {
  sampleVisitor,
  type VisitorEvent,
  type VisitorProfile,
  type VisitorSession,
} from '../../src/visitors/visitor-profile.ts'

/** Every text of a profile that may be unknown, as null. */
const unknownTexts = Object.fromEntries(
  Object.entries(sampleVisitor).flatMap(([field, value]) =>
    typeof value === 'string' && field !== 'ghostVid' ? [[field, null]] : [],
  ),
)

/** The visitor of the contract's payload examples, with the given changes. */
export function documentedVisitor(changes: Partial<VisitorProfile> = {}): VisitorProfile {
  return {
    ...sampleVisitor,
    ...unknownTexts,
    ghostVid: 'gv_a1b2c3d4_e5f6g7h8',
    score: 65,
    identifiedUserId: 'jane@example.com',
    country: 'United States',
    city: 'Austin',
    deviceType: 'desktop',
    browser: 'Chrome',
    totalSessions: 3,
    totalPageviews: 11,
    totalTimeSeconds: 421,
    firstSeen: new Date('2026-03-02T09:12:11.000Z'),
    lastSeen: new Date('2026-03-10T17:14:22.000Z'),
    journey: [documentedSession()],
    recentEvents: [documentedEvent()],
    ...changes,
  }
}

export function documentedSession(changes: Partial<VisitorSession> = {}): VisitorSession {
  return {
    sessionId: 'gs_123',
    startedAt: new Date('2026-03-10T17:09:10.000Z'),
    endedAt: new Date('2026-03-10T17:14:22.000Z'),
    pageviewCount: 5,
    entryPage: '/',
    exitPage: '/pricing',
    referrer: 'https://google.com',
    ...changes,
  }
}

export function documentedEvent(changes: Partial<VisitorEvent> = {}): VisitorEvent {
  return { type: 'pageview', page: '/pricing', timestamp: new Date('2026-03-10T17:14:22.000Z'), ...changes }
}

/** A visitor with no known fields except ids, counts and times. */
export function anonymousVisitor(changes: Partial<VisitorProfile> = {}): VisitorProfile {
  return documentedVisitor({ ...unknownTexts, journey: [], recentEvents: [], ...changes })
}

/** The options of the contract's examples: everything included, exported on 2026-03-10 at 17:18. */
export function documentedOptions(changes: Partial<BuildOptions> = {}): BuildOptions {
  return {
    includeJourney: true,
    includeEvents: true,
    exportedAt: new Date('2026-03-10T17:18:00.000Z'),
    publicUrl: 'https://analytics.ghostid.ai',
    receiverUrl: new URL('https://example.com/hooks/leads'),
    ...changes,
  }
}
