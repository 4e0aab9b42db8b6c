/** A metric in an expression, with its label matchers. */
export interface Selector {
  name: string
  matchers: { label: string; operator: string; value: string }[]
}

const selector = /\b((?:ghostpost|nodejs|process)_\w+)\s*(?:\{([^}]*)\})?/g
const matcher = /(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"/g
const grouping = /\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)/g

/** The metrics in a PromQL expression. Parses the part of the language that the files in `deploy` use. */
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

/** The labels by which an expression groups or joins. */
export function groupedBy(expression: string): string[] {
  return [...expression.matchAll(grouping)].flatMap(([, labels = '']) =>
    labels
      .split(',')
      .map((label) => label.trim())
      .filter(Boolean),
  )
}
