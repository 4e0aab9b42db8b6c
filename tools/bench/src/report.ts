/** Result of a workload: a table for people, data for programs. */
export interface WorkloadReport {
  workload: string
  title: string
  columns: readonly string[]
  rows: readonly (readonly string[])[]
  targets: readonly Target[]
  /** Notes below the table. */
  notes: readonly string[]
  charts: readonly Chart[]
  data: unknown
}

export interface Target {
  text: string
  value: number
  bound: 'at least' | 'at most'
  limit: number
  unit: string
}

export interface Chart {
  title: string
  unit: string
  bars: readonly { label: string; value: number }[]
}

/** NaN meets no target. */
export function isMet({ value, bound, limit }: Target): boolean {
  return bound === 'at least' ? value >= limit : value <= limit
}

/** Formats the report: a table for each workload, then the targets. */
export function reportText(reports: readonly WorkloadReport[]): string {
  const targets = reports.flatMap((report) => report.targets)
  const tables = reports.map((report) =>
    [
      `## ${report.title}`,
      '',
      table(report.columns, report.rows),
      ...report.notes.map((note) => `\n${note}`),
    ].join('\n'),
  )
  const rows = targets.map((target) => [
    target.text,
    `${target.bound} ${target.limit}${target.unit}`,
    `${figure(target.value)}${target.unit}`,
    isMet(target) ? 'met' : '**missed**',
  ])
  return [...tables, ['## Targets', '', table(['target', 'asked', 'found', ''], rows)].join('\n')].join(
    '\n\n',
  )
}

/** Formats a Markdown table with padded columns. */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map((name, index) =>
    Math.max(name.length, 3, ...rows.map((row) => (row[index] ?? '').length)),
  )
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, index) => (cells[index] ?? '').padEnd(width)).join(' | ')} |`
  return [line(columns), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

/** Rounds to three significant digits. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return 'none'
  if (Math.abs(value) >= 100) return String(Math.round(value))
  return String(Number(value.toPrecision(3)))
}

const bytesPerMegabyte = 1_000_000

export function megabytes(bytes: number): number {
  return bytes / bytesPerMegabyte
}
