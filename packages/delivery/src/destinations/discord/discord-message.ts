import { isString, itemsOf, member, parseJson } from '../../text/response-json.ts'
import { clipText } from '../../text/clip-text.ts'
import type { VisitorProfile } from '../../visitors/visitor-profile.ts'
import type { BuildOptions, RenderedMessage } from '../destination.ts'
import { mappedMessage, type Mapping } from '../mapping/index.ts'
import { discordText, isShowable } from './discord-text.ts'

/**
 * An embed takes 256 characters of title, 4,096 of description, 1,024 in a field, and 6,000 in all.
 * https://discord.com/developers/docs/resources/message#embed-object-embed-limits
 */
const lengthMax = { title: 256, label: 120, value: 500, link: 500, allFields: 5_000 }

/** The message that a mapping describes. */
export function discordMessage(profile: VisitorProfile, options: BuildOptions, mapping: Mapping): object {
  const { title, fields, link, linkText } = mappedMessage(mapping, profile, options)
  const share = Math.floor(lengthMax.allFields / Math.max(fields.length, 1)) - lengthMax.label
  const valueMax = Math.min(lengthMax.value, share)
  const embed = {
    title: discordText(title, lengthMax.title),
    ...linkParts(link, linkText),
    fields: fields.map(({ label, value }) => ({
      name: discordText(label, lengthMax.label),
      value: discordText(value, valueMax),
      inline: true,
    })),
  }
  return { embeds: [embed], allowed_mentions: { parse: [] } }
}

/** The address of the embed, where Discord accepts it, and a text with it. Otherwise the address alone, as text. */
function linkParts(link: string | null, linkText: string): { url?: string; description?: string } {
  if (link === null) return {}
  return isShowable(link)
    ? { url: link, description: `[${linkText}](${link})` }
    : { description: clipText(link, lengthMax.link) }
}

/** A message of ours as people read it; null for another body. */
export function renderDiscordMessage(payload: string): RenderedMessage | null {
  const [embed] = itemsOf(member(parseJson(payload), 'embeds'))
  if (embed === undefined) return null
  const url = member(embed, 'url')
  return {
    title: readable(member(embed, 'title')),
    text: readable(member(embed, 'description')),
    fields: itemsOf(member(embed, 'fields')).map((field) => ({
      label: readable(member(field, 'name')),
      value: readable(member(field, 'value')),
    })),
    link: isString(url) ? url : null,
  }
}

/** Without escapes, the invisible characters that take the effect from marks, and the address of a link. */
function readable(text: unknown): string {
  if (!isString(text)) return ''
  const linked = text.replace(/^\[([^\]]+)\]\(\S+\)$/, '$1')
  return linked.replaceAll('\u200b', '').replace(/\\([^a-z\d\s])/gi, '$1')
}
