import { describe, expect, it } from 'vitest'
import { plot } from '../src/plot.ts'
import { figure, isMet, reportText, table, type WorkloadReport } from '../src/report.ts'

const report: WorkloadReport = {
  workload: 'drain',
  title: 'Drain',
  columns: ['', '× bare'],
  rows: [['ghostpost', '0.6']],
  targets: [
    { text: 'drain', value: 0.61, bound: 'at least', limit: 0.6, unit: ' ×' },
    { text: 'memory', value: 700, bound: 'at most', limit: 600, unit: ' bytes' },
  ],
  notes: ['One worker.'],
  charts: [
    {
      title: 'Drain < 1 & more',
      unit: '×',
      bars: [
        { label: 'bare', value: 1 },
        { label: 'none', value: Number.NaN },
      ],
    },
  ],
  data: null,
}

describe('a target', () => {
  it('is met at its limit', () => {
    expect(isMet({ text: '', value: 3, bound: 'at least', limit: 3, unit: '' })).toBe(true)
    expect(isMet({ text: '', value: 3, bound: 'at most', limit: 3, unit: '' })).toBe(true)
  })

  it('is missed beyond its limit and without a measured value', () => {
    expect(isMet({ text: '', value: 2.9, bound: 'at least', limit: 3, unit: '' })).toBe(false)
    expect(isMet({ text: '', value: Number.NaN, bound: 'at least', limit: 3, unit: '' })).toBe(false)
    expect(isMet({ text: '', value: Number.NaN, bound: 'at most', limit: 3, unit: '' })).toBe(false)
  })
})

describe('the report', () => {
  it('shows for each target whether it is met or missed', () => {
    const text = reportText([report])
    expect(text).toMatch(/\| drain +\| at least 0.6 × +\| 0.61 × +\| met/)
    expect(text).toMatch(/\| memory +\| at most 600 bytes +\| 700 bytes +\| \*\*missed\*\*/)
  })

  it('aligns its columns', () => {
    const lines = table(['a', 'long name'], [['value', '1']]).split('\n')
    expect(new Set(lines.map((line) => line.length)).size).toBe(1)
  })

  it('shows three significant digits', () => {
    expect([0.012345, 1.2345, 12.345, 123.45, 12_345].map(figure)).toEqual([
      '0.0123',
      '1.23',
      '12.3',
      '123',
      '12345',
    ])
    expect(figure(Number.NaN)).toBe('none')
  })
})

describe('the picture', () => {
  it('has a bar for each value, escapes text and accepts missing values', () => {
    const picture = plot(report.charts)
    expect(picture.match(/<rect /g)).toHaveLength(2)
    expect(picture).toContain('Drain &lt; 1 &amp; more')
    expect(picture).not.toContain('NaN')
  })
})
