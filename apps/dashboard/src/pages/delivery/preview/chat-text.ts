/** A piece of a message and its text style. */
export interface TextPiece {
  text: string
  look: 'plain' | 'bold' | 'italic' | 'struck' | 'code'
}

const blockLooks: Readonly<Record<string, TextPiece['look']>> = {
  '*': 'bold',
  _: 'italic',
  '~': 'struck',
  '`': 'code',
}
const blockMarks = /(?<![\w*_~`])([*_~`])(?=\S)(.+?)(?<=\S)\1(?![\w*_~`])/g
const entities: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' }

/** The text of a block is Slack's mrkdwn. https://docs.slack.dev/messaging/formatting-message-text */
export function parseBlockText(text: string): TextPiece[] {
  return parsePieces(withLinkTexts(text), blockMarks, (mark) => blockLooks[mark] ?? 'plain').map((piece) => ({
    ...piece,
    text: piece.text.replace(/&(amp|lt|gt);/g, (entity) => entities[entity] ?? entity),
  }))
}

/** Slack shows the text of `<https://…|text>`, and the address of a link without one. */
function withLinkTexts(text: string): string {
  return text.replaceAll(/<https?:\/\/[^|>\s]*\|([^>]+)>/g, '$1').replaceAll(/<(https?:\/\/[^|>\s]*)>/g, '$1')
}

const embedLooks: Readonly<Record<string, TextPiece['look']>> = {
  '**': 'bold',
  '*': 'italic',
  _: 'italic',
  '~~': 'struck',
  '`': 'code',
}
const embedMarks = /(?<!\\)(\*\*|\*|_|~~|`)(?=\S)((?:\\.|[^\\])+?)\1/g

/**
 * The text of an embed is Discord's Markdown. Escaped marks stay text. https://discord.com/developers/docs/reference
 */
export function parseEmbedText(text: string): TextPiece[] {
  return parsePieces(text, embedMarks, (mark) => embedLooks[mark] ?? 'plain').map((piece) => ({
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
