/** A piece of a message and its text style. */
export interface TextPiece {
  text: string
  look: 'plain' | 'bold' | 'italic' | 'struck' | 'code'
}

const slackLooks: Readonly<Record<string, TextPiece['look']>> = {
  '*': 'bold',
  _: 'italic',
  '~': 'struck',
  '`': 'code',
}
const slackMarks = /(?<![\w*_~`])([*_~`])(?=\S)(.+?)(?<=\S)\1(?![\w*_~`])/g
const entities: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' }

/** Slack's mrkdwn. https://docs.slack.dev/messaging/formatting-message-text */
export function parseSlackText(text: string): TextPiece[] {
  return parsePieces(text, slackMarks, (mark) => slackLooks[mark] ?? 'plain').map((piece) => ({
    ...piece,
    text: piece.text.replace(/&(amp|lt|gt);/g, (entity) => entities[entity] ?? entity),
  }))
}

const discordLooks: Readonly<Record<string, TextPiece['look']>> = {
  '**': 'bold',
  '*': 'italic',
  _: 'italic',
  '~~': 'struck',
  '`': 'code',
}
const discordMarks = /(?<!\\)(\*\*|\*|_|~~|`)(?=\S)((?:\\.|[^\\])+?)\1/g

/** Discord's Markdown; escaped marks stay plain text. https://discord.com/developers/docs/reference */
export function parseDiscordText(text: string): TextPiece[] {
  return parsePieces(text, discordMarks, (mark) => discordLooks[mark] ?? 'plain').map((piece) => ({
    ...piece,
    text: piece.text.replace(/\\([^a-z\d\s])/gi, '$1'),
  }))
}

function parsePieces(text: string, marks: RegExp, lookOf: (mark: string) => TextPiece['look']): TextPiece[] {
  const pieces: TextPiece[] = []
  let from = 0
  for (const match of text.matchAll(marks)) {
    if (match.index > from) pieces.push({ text: text.slice(from, match.index), look: 'plain' })
    pieces.push({ text: match[2] ?? '', look: lookOf(match[1] ?? '') })
    from = match.index + match[0].length
  }
  if (from < text.length) pieces.push({ text: text.slice(from), look: 'plain' })
  return pieces
}
