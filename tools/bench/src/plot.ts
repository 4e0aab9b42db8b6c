import { figure, type Chart } from './report.ts'

const width = 720
const labelWidth = 210
const valueWidth = 120
const barHeight = 18
const rowHeight = 26
const headHeight = 40
const gap = 18

/** Draws all charts below each other in one SVG picture. The colours suit light and dark pages. */
export function plot(charts: readonly Chart[]): string {
  let top = gap
  const parts = charts.map((chart) => {
    const part = drawChart(chart, top)
    top += headHeight + chart.bars.length * rowHeight + gap
    return part
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${top}" ` +
      'font-family="system-ui, sans-serif" font-size="13" fill="#777">',
    ...parts,
    '</svg>\n',
  ].join('\n')
}

function drawChart({ title, unit, bars }: Chart, top: number): string {
  const most = Math.max(...bars.map(({ value }) => value).filter(Number.isFinite), Number.MIN_VALUE)
  const room = width - labelWidth - valueWidth
  const rows = bars.map(({ label, value }, index) => {
    const y = top + headHeight + index * rowHeight
    const length = Number.isFinite(value) ? Math.max((value / most) * room, 1) : 0
    const baseline = y + barHeight - 4
    return [
      `<text x="${labelWidth - 10}" y="${baseline}" text-anchor="end">${escapeText(label)}</text>`,
      `<rect x="${labelWidth}" y="${y}" width="${length.toFixed(1)}" height="${barHeight}" rx="3" fill="#5b8def"/>`,
      `<text x="${(labelWidth + length + 8).toFixed(1)}" y="${baseline}">${figure(value)} ${escapeText(unit)}</text>`,
    ].join('')
  })
  return [`<text x="10" y="${top + 20}" font-weight="600">${escapeText(title)}</text>`, ...rows].join('\n')
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
