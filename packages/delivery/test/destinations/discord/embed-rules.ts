/**
 * Discord's published limits, written independently of our own code.
 * https://discord.com/developers/docs/resources/message#embed-object-embed-limits
 */
export function embedProblems(body: unknown): string[] {
  const { embeds, allowed_mentions: mentions } = body as { embeds: Embed[]; allowed_mentions: unknown }
  const problems = embeds.length >= 1 && embeds.length <= 10 ? [] : ['number of embeds']
  if (JSON.stringify(mentions) !== '{"parse":[]}') problems.push('allowed_mentions')
  for (const key of [
    'content',
    'username',
    'avatar_url',
    'tts',
    'components',
    'poll',
    'flags',
    'thread_name',
  ]) {
    if (Object.hasOwn(body as object, key)) problems.push(`has ${key}`)
  }
  const total = embeds.flatMap(shownTexts).reduce((sum, text) => sum + text.length, 0)
  if (total > 6_000) problems.push(`${total} characters together`)
  return [...problems, ...embeds.flatMap(oneEmbedProblems)]
}

interface Embed {
  title: string
  fields: { name: string; value: string; inline?: boolean }[]
}

function oneEmbedProblems({ title, fields, ...more }: Embed): string[] {
  const problems = Object.keys(more).map((key) => `unchecked key ${key}`)
  if (!fits(title, 256)) problems.push('title')
  if (fields.length > 25) problems.push('number of fields')
  for (const { name, value } of fields) {
    if (!fits(name, 256)) problems.push(`name of ${name}`)
    if (!fits(value, 1_024)) problems.push(`value of ${name}`)
  }
  return problems
}

function fits(text: string, max: number): boolean {
  return text.length <= max && text.replace(/[\s\p{C}\u2800\u3164]/gu, '') !== ''
}

function shownTexts({ title, fields }: Embed): string[] {
  return [title, ...fields.flatMap((field) => [field.name, field.value])]
}

/** The parts of a visitor's text that Discord would format, link or turn into a mention. */
export function activeDiscordMarkup(text: string): string[] {
  const tokens = text.match(/\\[^]|[^]/gu) ?? []
  const unescaped = tokens.filter((token) => /^[\\*_~`|>#\-[\]()<]$/u.test(token))
  const active = text.match(/:\/\/|@everyone|@here|<[@#:/a-z]/giu) ?? []
  return [...unescaped, ...active]
}
