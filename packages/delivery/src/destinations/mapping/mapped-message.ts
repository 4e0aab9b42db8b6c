import { linksOf } from '../../text/profile-json.ts'
import type { VisitorProfile } from '../../visitors/visitor-profile.ts'
import type { BuildOptions } from '../destination.ts'
import { mappedScalar } from './mapped-value.ts'
import type { MappedField, Mapping } from './mapping.ts'
import { messageWords } from './message-labels.ts'

/** A message before it is escaped for a chat. */
export interface MappedMessage {
  title: string
  fields: readonly { label: string; value: string }[]
  /** The profile's address; null without a link. */
  link: string | null
  linkText: string
}

/** Those of the documented message. */
const fieldsDefault: readonly MappedField[] = ['ghost_vid', 'score', 'location', 'total_sessions'].map(
  (from) => ({ from }),
)

/** The parts of a message as its mapping says. */
export function mappedMessage(
  mapping: Mapping,
  profile: VisitorProfile,
  options: BuildOptions,
): MappedMessage {
  const words = messageWords[mapping.language ?? 'en']
  const fields = (mapping.fields ?? fieldsDefault).map((field) => {
    const value = mappedScalar(field, profile, options)
    const text = value === null ? words.unknown : String(value)
    return {
      label: field.to ?? labelOf(field, words.labels),
      value: field.from === 'score' ? `${text}/100` : text,
    }
  })
  return {
    title: mapping.title ?? words.title,
    fields,
    link: mapping.profile_link === true ? linksOf(profile, options.publicUrl).profile : null,
    linkText: words.openProfile,
  }
}

/** The label of a path in the language of the message; that of a trait is its name. */
function labelOf({ from, join = [] }: MappedField, labels: Readonly<Record<string, string>>): string {
  const names = from === undefined ? join : [from]
  return names.map((path) => labels[path] ?? path.replace(/^traits\./, '')).join(', ') || '—'
}
