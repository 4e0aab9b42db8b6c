import type { DeliveryView } from '@ghostpost/delivery/contract/delivery'

/** A payload as its receiver shows it. */
export type Preview =
  | { kind: 'slack'; blocks: SlackBlock[]; warnings: string[] }
  | { kind: 'discord'; content: string; embeds: DiscordEmbed[]; warnings: string[] }
  | { kind: 'fields'; object: string; fields: PreviewField[] }

export type SlackBlock =
  | { type: 'header' | 'text'; text: string }
  | { type: 'fields'; fields: string[] }
  | { type: 'divider' }
  | { type: 'other'; name: string }

export interface DiscordEmbed {
  title: string
  description: string
  fields: { name: string; value: string; isInline: boolean }[]
}

export interface PreviewField {
  name: string
  value: string
}

type Fields = Readonly<Record<string, unknown>>

/** Null when the payload is not in the format of the destination type. */
export function readPreview(type: DeliveryView['webhook_type'], payload: string): Preview | null {
  const body = objectIn(payload)
  if (body === null) return null
  if (type === 'slack') return slackPreview(body)
  if (type === 'discord') return discordPreview(body)
  if (type === 'hubspot')
    return isFields(body['properties']) ? fieldsOf('HubSpot contact', body['properties']) : null
  return fieldsOf(type === 'salesforce' ? 'Salesforce lead' : 'Field', body)
}

function objectIn(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text)
    return isFields(value) ? value : null
  } catch {
    return null
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const listOf = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isFields) : [])
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
const innerText = (value: unknown): string => (isFields(value) ? textOf(value['text']) : textOf(value))

/** https://docs.slack.dev/reference/block-kit/blocks: the blocks that Ghostpost sends, and a few more. */
function slackPreview(body: Fields): Preview | null {
  const blocks = listOf(body['blocks']).map(slackBlockOf)
  const text = textOf(body['text'])
  if (blocks.length === 0 && text === '') return null
  const shown = blocks.length > 0 ? blocks : [{ type: 'text' as const, text }]
  return { kind: 'slack', blocks: shown, warnings: slackWarnings(shown) }
}

function slackBlockOf(block: Fields): SlackBlock {
  const { type, text, fields, elements } = block
  if (type === 'header') return { type: 'header', text: innerText(text) }
  if (type === 'divider') return { type: 'divider' }
  if (type === 'section' && Array.isArray(fields)) return { type: 'fields', fields: fields.map(innerText) }
  if (type === 'section') return { type: 'text', text: innerText(text) }
  if (type === 'context') return { type: 'text', text: listOf(elements).map(innerText).join(' ') }
  return { type: 'other', name: textOf(type) || 'unknown' }
}

const slackMax = { blocks: 50, header: 150, text: 3_000, fields: 10, field: 2_000 }

function slackWarnings(blocks: readonly SlackBlock[]): string[] {
  const warnings = blocks.length > slackMax.blocks ? [`Slack allows at most ${slackMax.blocks} blocks.`] : []
  for (const block of blocks) {
    if (block.type === 'header' && block.text.length > slackMax.header)
      warnings.push(`A header allows at most ${slackMax.header} characters.`)
    if (block.type === 'text' && block.text.length > slackMax.text)
      warnings.push(`A text allows at most ${slackMax.text} characters.`)
    if (block.type !== 'fields') continue
    if (block.fields.length > slackMax.fields)
      warnings.push(`A section allows at most ${slackMax.fields} fields.`)
    if (block.fields.some((field) => field.length > slackMax.field))
      warnings.push(`A field allows at most ${slackMax.field} characters.`)
  }
  return warnings
}

/** https://discord.com/developers/docs/resources/message#embed-object */
function discordPreview(body: Fields): Preview | null {
  const content = textOf(body['content'])
  const embeds = listOf(body['embeds']).map((embed) => ({
    title: textOf(embed['title']),
    description: textOf(embed['description']),
    fields: listOf(embed['fields']).map((field) => ({
      name: textOf(field['name']),
      value: textOf(field['value']),
      isInline: field['inline'] === true,
    })),
  }))
  if (content === '' && embeds.length === 0) return null
  return { kind: 'discord', content, embeds, warnings: discordWarnings(content, embeds) }
}

const discordMax = {
  content: 2_000,
  embeds: 10,
  title: 256,
  description: 4_096,
  fields: 25,
  value: 1_024,
  all: 6_000,
}

function discordWarnings(content: string, embeds: readonly DiscordEmbed[]): string[] {
  const warnings: string[] = []
  const atMost = (actual: number, max: number, subject: string): void => {
    if (actual > max) warnings.push(`${subject} at most ${max}, but there are ${actual}.`)
  }
  atMost(content.length, discordMax.content, 'Characters of the message:')
  atMost(embeds.length, discordMax.embeds, 'Embeds:')
  for (const { title, description, fields } of embeds) {
    atMost(title.length, discordMax.title, 'Characters of a title:')
    atMost(description.length, discordMax.description, 'Characters of a description:')
    atMost(fields.length, discordMax.fields, 'Fields of an embed:')
    for (const { name, value } of fields) {
      atMost(value.length, discordMax.value, `Characters of “${name}”:`)
      if (value === '') warnings.push(`“${name}” is empty; Discord rejects empty fields.`)
    }
  }
  const all = embeds.map(
    ({ title, description, fields }) => title + description + fields.map((f) => f.name + f.value).join(''),
  )
  atMost(all.join('').length, discordMax.all, 'Characters of all embeds:')
  return warnings
}

function fieldsOf(object: string, body: Fields): Preview {
  return { kind: 'fields', object, fields: [...flatten(body)] }
}

function plainText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Names nested values by their path, as `location.city`. */
function* flatten(value: unknown, path = ''): Generator<PreviewField> {
  const entries = Array.isArray(value)
    ? value.map((inner, index) => [String(index + 1), inner] as const)
    : isFields(value)
      ? Object.entries(value)
      : null
  if (entries === null || (entries.length === 0 && path !== '')) {
    yield { name: path, value: value === null || entries !== null ? '' : plainText(value) }
    return
  }
  for (const [name, inner] of entries) yield* flatten(inner, path === '' ? name : `${path}.${name}`)
}
