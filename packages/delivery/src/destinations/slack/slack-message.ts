import { isString, itemsOf, member, parseJson } from '../../text/response-json.ts'
import { clipText } from '../../text/clip-text.ts'
import type { VisitorProfile } from '../../visitors/visitor-profile.ts'
import type { BuildOptions, RenderedMessage } from '../destination.ts'
import { mappedMessage, type Mapping } from '../mapping/index.ts'
import { linkBlocks, slackText } from './slack-text.ts'

/** A section's field takes 2,000 characters. https://docs.slack.dev/reference/block-kit/blocks/section-block */
const lengthMax = { title: 150, label: 120, value: 500 }

/** The message that a mapping describes. */
export function slackMessage(profile: VisitorProfile, options: BuildOptions, mapping: Mapping): object {
  const message = mappedMessage(mapping, profile, options)
  const fields = message.fields.map(({ label, value }) => ({
    label: slackText(label, lengthMax.label),
    value: slackText(value, lengthMax.value),
  }))
  const title = clipText(message.title, lengthMax.title)
  const section = {
    type: 'section',
    fields: fields.map(({ label, value }) => ({ type: 'mrkdwn', text: `*${label}:*\n${value}` })),
  }
  const values = fields.map(({ label, value }) => `${label}: ${value}`).join(', ')
  return {
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: title } },
      ...(fields.length === 0 ? [] : [section]),
      ...(message.link === null ? [] : linkBlocks(message.link, message.linkText)),
    ],
    // Notifications, and servers that ignore blocks, show this text alone.
    text: [slackText(title, 2 * lengthMax.title), values].filter(Boolean).join('. '),
  }
}

/** A message of ours as people read it; null for another body. */
export function renderSlackMessage(payload: string): RenderedMessage | null {
  const body = parseJson(payload)
  const blocks = itemsOf(member(body, 'blocks'))
  const text = member(body, 'text')
  if (blocks.length === 0 || !isString(text)) return null
  const textOf = (block: unknown): string => readable(member(member(block, 'text'), 'text'))
  const header = blocks.find((block) => member(block, 'type') === 'header')
  const fields = blocks.flatMap((block) => itemsOf(member(block, 'fields'))).map(fieldOf)
  const link = blocks.map((block) => member(member(block, 'text'), 'text')).find(isLink)
  return {
    title: textOf(header),
    text: readable(text),
    fields,
    link: link === undefined ? null : readable(link.slice(1, link.indexOf('|'))),
  }
}

function fieldOf(field: unknown): { label: string; value: string } {
  const [label = '', ...value] = readable(member(field, 'text')).split('\n')
  return { label: label.replace(/^\*(.*):\*$/, '$1'), value: value.join('\n') }
}

function isLink(text: unknown): text is string {
  return isString(text) && /^<https?:[^|]+\|[^>]+>$/.test(text)
}

const entities: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' }

/** Without escapes and the invisible characters that take the effect from marks. */
function readable(text: unknown): string {
  if (!isString(text)) return ''
  return text.replaceAll('\u200b', '').replace(/&(?:amp|lt|gt);/g, (entity) => entities[entity] ?? entity)
}
