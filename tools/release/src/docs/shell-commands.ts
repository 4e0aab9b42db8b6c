/** The words of one shell command, without pipes, redirections and assignments of variables. */
export type Words = readonly string[]

type Token = { word: string } | { operator: string }

const tokenPattern =
  /[ \t]*(?:(#[^\n]*)|(\n|&&|\|\||[;|&]|\d?>>?(?:&\d)?|<)|((?:\\.|'[^']*'|"(?:\\.|[^"\\])*"|[^\s'"\\;|&<>])+))/gsy

/**
 * Parses the commands in a block of shell. It supports what the documents use: quotes, continued lines, comments,
 * pipes, lists, redirections, `NAME=value` and `NAME=$(command)`.
 */
export function commandsIn(block: string): Words[] {
  const commands: string[][] = [[]]
  let afterRedirection = false
  const lines = block.replaceAll(/\\\n/g, ' ').replaceAll(/^[A-Za-z_]\w*=\$\(([^()]*)\)/gm, '$1')
  for (const token of tokensOf(lines)) {
    if ('operator' in token) {
      afterRedirection = /[<>]/.test(token.operator)
      if (!afterRedirection) commands.push([])
    } else {
      if (!afterRedirection) commands.at(-1)?.push(token.word)
      afterRedirection = false
    }
  }
  return commands.map(withoutAssignments).filter((words) => words.length > 0)
}

function tokensOf(text: string): Token[] {
  return [...text.matchAll(tokenPattern)].flatMap(([, comment, operator, word]): Token[] => {
    if (comment !== undefined) return []
    return operator === undefined ? [{ word: unquoted(word ?? '') }] : [{ operator }]
  })
}

function unquoted(word: string): string {
  return word.replaceAll(
    /'([^']*)'|"((?:\\[\s\S]|[^"\\])*)"|\\([\s\S])/g,
    (_, single?: string, double?: string, escaped?: string) =>
      single ?? double?.replaceAll(/\\(["\\$`])/g, '$1') ?? escaped ?? '',
  )
}

function withoutAssignments(words: string[]): string[] {
  const first = words.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word))
  return first === -1 ? [] : words.slice(first)
}

/** The typed lines of a recorded session: those after `$ `. */
export function promptsIn(block: string): string {
  return [...block.matchAll(/^\$ (.+)$/gm)].map(([, line]) => line ?? '').join('\n')
}
