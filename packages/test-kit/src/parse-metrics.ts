/** One line of Prometheus' text format. */
export interface Sample {
  name: string
  labels: Record<string, string>
  value: number
}

const comment = /^# (HELP|TYPE) [a-zA-Z_:][\w:]* ?/
const sample = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (NaN|[+-]?Inf|[-+\d.e]+)$/i
const pair = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"(?:,|$)/y

/**
 * Parses the response of a scrape.
 * @throws for a line that does not have the format
 * https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export function parseMetrics(text: string): Sample[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !comment.test(line))
    .map((line) => {
      const [, name, labels = '', value] = sample.exec(line) ?? []
      if (name === undefined) throw new Error(`no line of the format: ${line}`)
      return { name, labels: parseLabels(labels), value: Number(value?.replace(/inf/i, 'Infinity')) }
    })
}

function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {}
  pair.lastIndex = 0
  while (pair.lastIndex < text.length) {
    const at = pair.lastIndex
    const [, name = '', value = ''] = pair.exec(text) ?? []
    if (name === '') throw new Error(`no labels: ${text.slice(at)}`)
    labels[name] = value
  }
  return labels
}

/** Sum of all samples with this name and these labels; undefined when there is none. */
export function metricValue(
  samples: readonly Sample[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const found = samples.filter(
    (one) =>
      one.name === name && Object.entries(labels).every(([label, value]) => one.labels[label] === value),
  )
  return found.length === 0 ? undefined : found.reduce((sum, { value }) => sum + value, 0)
}
