/** A metric an expression names, and what it asks of its labels. */
export interface Selector {
  name: string
  matchers: { label: string; operator: string; value: string }[]
}

const selector = /\b((?:ghostpost|nodejs|process)_\w+)\s*(?:\{([^}]*)\})?/g
const matcher = /(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"/g
const grouping = /\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)/g

/** The metrics a PromQL expression names. Knows just enough of the language for the files in `deploy`. */
export function selectorsIn(expression: string): Selector[] {
  return [...expression.matchAll(selector)].map(([, name = '', inside = '']) => ({
    name,
    matchers: [...inside.matchAll(matcher)].map(([, label = '', operator = '', value = '']) => ({
      label,
      operator,
      value,
    })),
  }))
}

/** The labels it groups or joins by. */
export function groupedBy(expression: string): string[] {
  return [...expression.matchAll(grouping)].flatMap(([, labels = '']) =>
    labels
      .split(',')
      .map((label) => label.trim())
      .filter(Boolean),
  )
}
