import { journeyMax, type VisitorProfile } from '../../visitors/visitor-profile.ts'
import type { BuildOptions, Destination } from '../destination.ts'
import { judgeByStatus } from '../judge-by-status.ts'
import { customTraits } from './custom-traits.ts'
import { identityOf, recentEventsOf, textValue, timeValue } from '../../text/profile-json.ts'

/** A receiver written for Ghostpost. It gets the whole profile and is judged by its status alone. */
export const customDestination: Destination = {
  traits: customTraits,
  buildBody,
  prepareRequest: (url) => ({ url, headers: {} }),
  judgeResponse: judgeByStatus,
}

function buildBody(profile: VisitorProfile, options: BuildOptions): object {
  return {
    ...identityOf(profile),
    device: { type: textValue(profile.deviceType), browser: textValue(profile.browser) },
    engagement: {
      total_sessions: profile.totalSessions,
      total_pageviews: profile.totalPageviews,
      total_time_seconds: profile.totalTimeSeconds,
      first_seen: timeValue(profile.firstSeen),
      last_seen: timeValue(profile.lastSeen),
    },
    ...(options.includeJourney ? { journey: journeyOf(profile) } : {}),
    ...(options.includeEvents ? { recent_events: recentEventsOf(profile) } : {}),
    links: linksOf(profile, options.publicUrl),
    exported_at: timeValue(options.exportedAt),
  }
}

function journeyOf(profile: VisitorProfile) {
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

function linksOf(profile: VisitorProfile, publicUrl: string) {
  const visitor = encodeURIComponent(textValue(profile.ghostVid))
  return {
    profile: `${publicUrl}/visitor/${visitor}`,
    connect: `${publicUrl}/talk/incoming?visitor=${visitor}`,
  }
}
