import { destinationTraits, type WebhookType } from '@ghostpost/client'

/** A payload as the receiver shows it. */
export type Preview =
  | { kind: 'blocks'; blocks: MessageBlock[]; warnings: string[] }
  | { kind: 'embeds'; content: string; embeds: Embed[]; warnings: string[] }
  | { kind: 'fields'; object: string; fields: PreviewField[] }

export type MessageBlock =
  | { type: 'header' | 'text'; text: string }
  | { type: 'fields'; fields: string[] }
  | { type: 'divider' }
  | { type: 'other'; name: string }

export interface Embed {
  title: string
  description: string
  fields: { name: string; value: string; isInline: boolean }[]
}

export interface PreviewField {
  name: string
  value: string
}

type Fields = Readonly<Record<string, unknown>>

/** The preview of a payload; null when the payload has another format than its destination type sends. */
export function readPreview(type: WebhookType, payload: string): Preview | null {
  const body = objectIn(payload)
  if (body === null) return null
  const { label, preview } = destinationTraits[type]
  if (preview.kind === 'blocks') return blocksPreview(body, label)
  if (preview.kind === 'embeds') return embedsPreview(body, label)
  const fields = preview.path === undefined ? body : body[preview.path]
  return isFields(fields) ? fieldsOf(preview.object, fields) : null
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
function blocksPreview(body: Fields, label: string): Preview | null {
  const blocks = listOf(body['blocks']).map(blockOf)
  const text = textOf(body['text'])
  if (blocks.length === 0 && text === '') return null
  const shown = blocks.length > 0 ? blocks : [{ type: 'text' as const, text }]
  return { kind: 'blocks', blocks: shown, warnings: blockWarnings(shown, label) }
}

function blockOf(block: Fields): MessageBlock {
  const { type, text, fields, elements } = block
  if (type === 'header') return { type: 'header', text: innerText(text) }
  if (type === 'divider') return { type: 'divider' }
  if (type === 'section' && Array.isArray(fields)) return { type: 'fields', fields: fields.map(innerText) }
  if (type === 'section') return { type: 'text', text: innerText(text) }
  if (type === 'context') return { type: 'text', text: listOf(elements).map(innerText).join(' ') }
  return { type: 'other', name: textOf(type) || 'unknown' }
}

const blocksMax = { blocks: 50, header: 150, text: 3_000, fields: 10, field: 2_000 }

function blockWarnings(blocks: readonly MessageBlock[], label: string): string[] {
  const warnings =
    blocks.length > blocksMax.blocks ? [`${label} allows at most ${blocksMax.blocks} blocks.`] : []
  for (const block of blocks) {
    if (block.type === 'header' && block.text.length > blocksMax.header)
      warnings.push(`A header allows at most ${blocksMax.header} characters.`)
    if (block.type === 'text' && block.text.length > blocksMax.text)
      warnings.push(`A text allows at most ${blocksMax.text} characters.`)
    if (block.type !== 'fields') continue
    if (block.fields.length > blocksMax.fields)
      warnings.push(`A section allows at most ${blocksMax.fields} fields.`)
    if (block.fields.some((field) => field.length > blocksMax.field))
      warnings.push(`A field allows at most ${blocksMax.field} characters.`)
  }
  return warnings
}

/** https://discord.com/developers/docs/resources/message#embed-object */
function embedsPreview(body: Fields, label: string): Preview | null {
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
  return { kind: 'embeds', content, embeds, warnings: embedWarnings(content, embeds, label) }
}

const embedsMax = {
  content: 2_000,
  embeds: 10,
  title: 256,
  description: 4_096,
  fields: 25,
  value: 1_024,
  all: 6_000,
}

function embedWarnings(content: string, embeds: readonly Embed[], label: string): string[] {
  const warnings: string[] = []
  const atMost = (actual: number, max: number, subject: string): void => {
    if (actual > max) warnings.push(`${subject} at most ${max}, but there are ${actual}.`)
  }
  atMost(content.length, embedsMax.content, 'Characters of the message:')
  atMost(embeds.length, embedsMax.embeds, 'Embeds:')
  for (const { title, description, fields } of embeds) {
    atMost(title.length, embedsMax.title, 'Characters of a title:')
    atMost(description.length, embedsMax.description, 'Characters of a description:')
    atMost(fields.length, embedsMax.fields, 'Fields of an embed:')
    for (const { name, value } of fields) {
      atMost(value.length, embedsMax.value, `Characters of “${name}”:`)
      if (value === '') warnings.push(`“${name}” is empty; ${label} rejects empty fields.`)
    }
  }
  const all = embeds.map(
    ({ title, description, fields }) => title + description + fields.map((f) => f.name + f.value).join(''),
  )
  atMost(all.join('').length, embedsMax.all, 'Characters of all embeds:')
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
