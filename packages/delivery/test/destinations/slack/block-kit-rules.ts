import { isString } from '../../../src/text/response-json.ts'

/**
 * Slack's published limits, written independently of our own code, because there is no official schema.
 * https://docs.slack.dev/reference/block-kit: ≤ 50 blocks, header text 1–150, 1–10 fields of 1–2,000 characters.
 */
export function blockKitProblems(body: unknown): string[] {
  const { blocks, text, ...more } = body as { blocks: Block[]; text: unknown }
  const problems = Object.keys(more).map((key) => `unknown key ${key}`)
  if (!isString(text) || text.length < 1 || text.length > 40_000) problems.push('text')
  if (blocks.length < 1 || blocks.length > 50) problems.push('number of blocks')
  return [...problems, ...blocks.flatMap(blockProblems)]
}

interface Block {
  type: string
  text?: TextObject
  fields?: TextObject[]
}

interface TextObject {
  type: string
  text: string
}

function blockProblems({ type, text, fields, ...more }: Block): string[] {
  const problems = Object.keys(more).map((key) => `unknown key ${key}`)
  if (type === 'header') return [...problems, ...textProblems(text, 'plain_text', 150)]
  if (type !== 'section' || fields === undefined) return [...problems, `block ${type}`]
  if (fields.length < 1 || fields.length > 10) problems.push('number of fields')
  return [...problems, ...fields.flatMap((field) => textProblems(field, 'mrkdwn', 2_000))]
}

function textProblems(object: TextObject | undefined, type: string, max: number): string[] {
  if (object === undefined) return ['no text']
  const problems = Object.keys(object).join() === 'type,text' ? [] : ['keys of a text object']
  if (object.type !== type) problems.push(`type ${object.type}`)
  const { length } = object.text.trim()
  return length >= 1 && object.text.length <= max ? problems : [...problems, `length ${length}`]
}

/** The parts of a visitor's text that Slack would turn into a mention, link, emoji or entity. */
export function activeSlackMarkup(text: string): string[] {
  const active = [...text.matchAll(/[<>]|&(?!(?:amp|lt|gt);)|[@#:.](?=[^\s\u200b…,])/g)]
  return active.map((match) => text.slice(match.index, match.index + 20))
}
