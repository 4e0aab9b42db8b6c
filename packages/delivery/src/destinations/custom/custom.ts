import type { VisitorProfile } from '../../visitors/visitor-profile.ts'
import type { BuildOptions, Destination } from '../destination.ts'
import { judgeByStatus } from '../judge-by-status.ts'
import { customTraits } from './custom-traits.ts'
import {
  identityOf,
  journeyOf,
  linksOf,
  recentEventsOf,
  textValue,
  timeValue,
} from '../../text/profile-json.ts'
import { keepsDocumented, mappedObject, type Mapping } from '../mapping/index.ts'

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

/** The body that a mapping describes. */
export function mappedBody(
  profile: VisitorProfile,
  options: BuildOptions,
  mapping: Mapping,
  documented: object,
): object {
  const base = keepsDocumented(mapping, customTraits.mapping) ? documented : {}
  return mappedObject(mapping, profile, options, base)
}
