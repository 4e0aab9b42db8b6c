import type { StatsRange } from '@ghostpost/delivery/contract/stats'
import { Segments } from '../ui/segments.tsx'
import { statsRanges } from './use-stats.ts'

const labels: Readonly<Record<StatsRange, string>> = {
  '1h': '1 h',
  '24h': '24 h',
  '7d': '7 d',
  '30d': '30 d',
}

/** Selects the time range of a page's statistics. */
export function RangeChoice({ range, choose }: { range: StatsRange; choose: (range: StatsRange) => void }) {
  return (
    <Segments
      label="Time range"
      value={range}
      options={statsRanges.map((value) => ({ value, label: labels[value] }))}
      choose={(value) => choose(value as StatsRange)}
    />
  )
}
