import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { routes } from '@ghostpost/api/routes'
import {
  apiMetrics,
  openMetrics,
  storeMetrics,
  workerMetrics,
  type MetricDefinition,
} from '@ghostpost/infrastructure/telemetry'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { groupedBy, selectorsIn, type Selector } from './read-promql.ts'

const repository = join(import.meta.dirname, '../../../..')
const read = (path: string): string => readFileSync(join(repository, path), 'utf8')

interface Alert {
  alert: string
  expr: string
  for?: string
  labels: { severity: string }
  annotations: { summary: string; description: string; runbook_url: string }
}

interface Panel {
  id: number
  type: string
  title: string
  gridPos: { h: number; w: number; x: number; y: number }
  targets?: { expr: string; legendFormat: string }[]
}

const { groups } = parse(read('deploy/prometheus/alerts.yml')) as {
  groups: { name: string; rules: Alert[] }[]
}
const alerts = groups.flatMap(({ rules }) => rules)
const dashboard = JSON.parse(read('deploy/grafana/ghostpost.json')) as {
  panels: Panel[]
  annotations: { list: { expr: string }[] }
}
const expressions: [where: string, expression: string, legend: string][] = [
  ...alerts.map(({ alert, expr }) => [alert, expr, ''] as [string, string, string]),
  ...dashboard.panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr, legendFormat }): [string, string, string] => [title, expr, legendFormat]),
  ),
  ...dashboard.annotations.list.map(({ expr }): [string, string, string] => ['an annotation', expr, '']),
]

const known = new Map<string, MetricDefinition>(
  [workerMetrics, apiMetrics, storeMetrics].flatMap((all) =>
    Object.values(all).map((one) => [one.name, one] as const),
  ),
)

/** The definition of a series. The series of a histogram have its name with a suffix. */
function definitionOf(name: string): MetricDefinition | undefined {
  const whole = known.get(name)
  if (whole && whole.kind !== 'histogram') return whole
  const histogram = known.get(name.replace(/_(bucket|sum|count)$/, ''))
  return histogram?.kind === 'histogram' && !whole ? histogram : undefined
}

const byPrometheus = ['instance', 'job']

function labelsOf({ name }: Selector): string[] {
  const own = Object.keys(definitionOf(name)?.labels ?? {})
  return [...own, ...byPrometheus, ...(name.endsWith('_bucket') ? ['le'] : [])]
}

function valuesOf(name: string, label: string): readonly string[] {
  const values = definitionOf(name)?.labels?.[label] ?? []
  return typeof values === 'string' ? routes.map(({ url }) => url) : values
}

const { depth, oldestDue, retriesDue, outboxLag, breakers, operations, itemsLeft, lanesPaused, workers } =
  storeMetrics
const sharedMetrics = [
  depth,
  oldestDue,
  retriesDue,
  outboxLag,
  breakers,
  operations,
  itemsLeft,
  lanesPaused,
  workers,
]

describe.each(expressions)('%s: %s', (_where, expression, legend) => {
  const selectors = selectorsIn(expression)

  test('names existing metrics', () => {
    const metrics = openMetrics()
    metrics.watchProcess()
    const ofNode = new Set(metrics.registry.getMetricsAsArray().map(({ name }) => name))
    expect(selectors.length).toBeGreaterThan(0)
    const unknown = selectors.filter(({ name }) => !definitionOf(name) && !ofNode.has(name))
    expect(unknown).toEqual([])
  })

  test('names existing labels and values', () => {
    const asked = selectors.flatMap((one) => one.matchers.map((matcher) => ({ ...matcher, one })))
    const wrong = asked.filter(({ one, label, value, operator }) => {
      const values = valuesOf(one.name, label)
      const parts = operator.endsWith('~') ? value.split('|') : [value]
      return !labelsOf(one).includes(label) || parts.some((part) => !values.includes(part))
    })
    expect(wrong).toEqual([])
    const there = new Set(selectors.flatMap(labelsOf))
    const shown = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label ?? '')
    expect([...groupedBy(expression), ...shown].filter((label) => !there.has(label))).toEqual([])
  })

  test('uses rates of counters, and counts a value that all processes report once', () => {
    const counted = selectors.filter(
      ({ name }) => definitionOf(name)?.kind === 'counter' || name.endsWith('_bucket'),
    )
    const raw = counted.filter(({ name }) => !new RegExp(`(rate|increase)\\(${name}`).test(expression))
    const summed = sharedMetrics.filter(({ name }) => new RegExp(`sum[^(]*\\(${name}`).test(expression))
    expect([...raw, ...summed]).toEqual([])
  })
})

describe('the alerts', () => {
  test.each(alerts)('$alert has a summary, a reason and a link', ({ alert, labels, annotations }) => {
    expect(Object.keys(annotations).toSorted()).toEqual(['description', 'runbook_url', 'summary'])
    expect(['critical', 'warning']).toContain(labels.severity)
    const [page, anchor] = annotations.runbook_url.split('#')
    expect(page).toMatch(/\/docs\/runbook\.md$/)
    expect(anchor).toBe(alert.toLowerCase())
  })

  test('have one section each in the runbook, which has no others', () => {
    const sections = [...read('docs/runbook.md').matchAll(/^## (Ghostpost\w+)$/gm)].map(
      ([, name]) => name ?? '',
    )
    expect(sections.toSorted()).toEqual(alerts.map(({ alert }) => alert).toSorted())
  })

  test('have a meaning, a diagnosis and a remedy', () => {
    const [, ...sections] = read('docs/runbook.md').split(/^## (?=Ghostpost)/m)
    const parts = ['**What it means.**', '**How to investigate.**', '**What to do.**']
    expect(sections.filter((section) => !parts.every((part) => section.includes(part)))).toEqual([])
  })

  test('in the runbook link only to existing sections', () => {
    const text = read('docs/runbook.md')
    const anchors = [...text.matchAll(/\]\(#([\w-]+)\)/g)].map(([, anchor]) => anchor)
    const headings = new Set([...text.matchAll(/^## (.+)$/gm)].map(([, title = '']) => title.toLowerCase()))
    expect(anchors.filter((anchor) => !headings.has(anchor ?? ''))).toEqual([])
  })
})

test('the metric names in the runbook exist', () => {
  const named = read('docs/runbook.md').match(/ghostpost_\w+/g) ?? []
  expect(named.filter((name) => !definitionOf(name))).toEqual([])
})

test('no two panels of the dashboard overlap', () => {
  const cells = new Set<string>()
  for (const { gridPos } of dashboard.panels) {
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1)
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
        expect(x).toBeLessThan(24)
        expect(cells.has(`${x} ${y}`)).toBe(false)
        cells.add(`${x} ${y}`)
      }
  }
  expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length)
})
