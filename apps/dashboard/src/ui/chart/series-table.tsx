import { cell, Table } from '../table.tsx'
import { useZone } from '../zone.ts'
import type { Series } from './series.ts'
import { formatBucket } from './format-bucket.ts'
import styles from './time-chart.module.css'

interface SeriesTableProps {
  title: string
  starts: readonly string[]
  bucketSeconds: number
  series: readonly Series[]
  format: (value: number) => string
}

/** The values of a plot as a table, newest first, without empty buckets. */
export function SeriesTable({ title, starts, bucketSeconds, series, format }: SeriesTableProps) {
  const zone = useZone()
  const head = [{ label: 'Time' }, ...series.map(({ name }) => ({ label: name, numeric: true }))]
  const rows = starts
    .map((start, index) => ({ start, values: series.map(({ values }) => values[index] ?? null) }))
    .filter(({ values }) => values.some((value) => value !== null && value !== 0))
    .toReversed()
  if (rows.length === 0) return <p className={styles.emptyTable}>There are no values in this time range.</p>
  return (
    <div className={styles.table}>
      <Table caption={`${title}, newest first`} head={head}>
        {rows.map(({ start, values }) => (
          <tr key={start}>
            <th scope="row" className={cell.nowrap}>
              {formatBucket(start, bucketSeconds, zone)}
            </th>
            {values.map((value, index) => (
              <td key={series[index]?.name} className={cell.numeric}>
                {value === null ? '–' : format(value)}
              </td>
            ))}
          </tr>
        ))}
      </Table>
    </div>
  )
}
