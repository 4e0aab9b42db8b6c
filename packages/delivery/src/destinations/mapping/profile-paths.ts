import { lineOf } from '../../text/clip-text.ts'
import { journeyOf, linksOf, recentEventsOf } from '../../text/profile-json.ts'
import { member } from '../../text/response-json.ts'
import { personNameOf } from '../../visitors/person-name.ts'
import { emailOf, statusOf, type VisitorProfile } from '../../visitors/visitor-profile.ts'
import type { BuildOptions } from '../destination.ts'

/** `list`: an array of objects, which only a JSON object can contain. */
type PathKind = 'text' | 'number' | 'time' | 'list'

interface ProfilePath {
  kind: PathKind
  read: (profile: VisitorProfile, options: BuildOptions) => unknown
}

const text = (read: ProfilePath['read']): ProfilePath => ({ kind: 'text', read })
const number = (read: ProfilePath['read']): ProfilePath => ({ kind: 'number', read })
const time = (read: ProfilePath['read']): ProfilePath => ({ kind: 'time', read })
const list = (read: ProfilePath['read']): ProfilePath => ({ kind: 'list', read })

/** Every path of a mapping, except `traits.*`. docs/mapping.md lists them. */
const paths: Readonly<Record<string, ProfilePath>> = {
  ghost_vid: text(({ ghostVid }) => ghostVid),
  score: number(({ score }) => score),
  status: text(statusOf),
  identified_user_id: text(({ identifiedUserId }) => identifiedUserId),
  email: text(emailOf),
  name: text(({ name }) => lineOf(name)),
  first_name: text(({ name }) => personNameOf(name)?.first),
  last_name: text(({ name }) => personNameOf(name)?.last),
  company: text(({ company }) => lineOf(company)),
  country: text(({ country }) => lineOf(country)),
  city: text(({ city }) => lineOf(city)),
  location: text(({ city, country }) => [lineOf(city), lineOf(country)].filter(Boolean).join(', ')),
  device_type: text(({ deviceType }) => lineOf(deviceType)),
  browser: text(({ browser }) => lineOf(browser)),
  total_sessions: number(({ totalSessions }) => totalSessions),
  total_pageviews: number(({ totalPageviews }) => totalPageviews),
  total_time_seconds: number(({ totalTimeSeconds }) => totalTimeSeconds),
  first_seen: time(({ firstSeen }) => firstSeen),
  last_seen: time(({ lastSeen }) => lastSeen),
  exported_at: time((_profile, { exportedAt }) => exportedAt),
  last_event: text(({ recentEvents }) => recentEvents[0]?.type),
  last_page: text(({ recentEvents }) => recentEvents.find(({ page }) => page !== null)?.page),
  entry_page: text(({ journey }) => journey[0]?.entryPage),
  exit_page: text(({ journey }) => journey[0]?.exitPage),
  referrer: text(({ journey }) => journey[0]?.referrer),
  profile_url: text((profile, { publicUrl }) => linksOf(profile, publicUrl).profile),
  connect_url: text((profile, { publicUrl }) => linksOf(profile, publicUrl).connect),
  journey: list((profile, { includeJourney }) => (includeJourney ? journeyOf(profile) : null)),
  recent_events: list((profile, { includeEvents }) => (includeEvents ? recentEventsOf(profile) : null)),
}

export const profilePaths: readonly string[] = Object.keys(paths)

const traitPath = /^traits\.(.{1,200})$/su

/** The kind of a path's value; `any` for `traits.*`; null for an unknown path. */
export function kindOfPath(path: string): PathKind | 'any' | null {
  if (Object.hasOwn(paths, path)) return paths[path]?.kind ?? null
  return traitPath.test(path) ? 'any' : null
}

/** The value at a path as the profile has it: a scalar, a Date, a list, or any JSON of `traits`; null when unknown. */
export function valueAt(path: string, profile: VisitorProfile, options: BuildOptions): unknown {
  const known = Object.hasOwn(paths, path) ? paths[path] : undefined
  if (known) return known.read(profile, options) ?? null
  const name = traitPath.exec(path)?.[1]
  return name === undefined ? null : (traitAt(profile.traits, name) ?? null)
}

/** A member of `traits` by its name, which may contain dots, or by the names of nested members. */
function traitAt(traits: unknown, name: string): unknown {
  const direct = member(traits, name)
  if (direct !== undefined) return direct
  return name.split('.').reduce(member, traits)
}
