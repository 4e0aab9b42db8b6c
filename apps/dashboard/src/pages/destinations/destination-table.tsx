import type { DestinationView } from '@ghostpost/delivery/contract/destination'
import type { DestinationStats } from '@ghostpost/delivery/contract/stats'
import { Link } from '@tanstack/react-router'
import { formatMilliseconds, formatPercent } from '../../stats/format-stats.ts'
import { Sparkline } from '../../ui/chart/sparkline.tsx'
import { destinationTypeLabels } from '../../ui/destination-types.ts'
import { cell, SkeletonRows, Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { formatNumber } from '../deliveries/format-count.ts'
import { DestinationBadge } from './destination-badge.tsx'

const head = [
  { label: 'Destination' },
  { label: 'State' },
  { label: 'Attempts, 24 h' },
  { label: 'Success', numeric: true },
  { label: 'p95', numeric: true },
  { label: 'Waiting', numeric: true },
  { label: 'Last delivered' },
]

interface DestinationTableProps {
  caption: string
  /** Undefined while they load. */
  destinations: readonly DestinationView[] | undefined
  stats: ReadonlyMap<string, DestinationStats> | undefined
  /** Number of placeholder rows while they load. */
  rows: number
}

/** Saved destinations and their health. */
export function DestinationTable({ caption, destinations, stats, rows }: DestinationTableProps) {
  return (
    <Table caption={caption} head={head} busy={!destinations}>
      {!destinations && <SkeletonRows columns={head.length} rows={rows} />}
      {destinations?.map((destination) => (
        <DestinationRow
          key={destination.id}
          destination={destination}
          ownStats={stats?.get(destination.id)}
        />
      ))}
    </Table>
  )
}

function DestinationRow({
  destination,
  ownStats,
}: {
  destination: DestinationView
  ownStats: DestinationStats | undefined
}) {
  const { id, name, webhook_type: type, receiver, unreadable } = destination
  return (
    <tr>
      <th scope="row">
        <Link to="/destinations/$id" params={{ id }}>
          {name}
        </Link>
        <span className={cell.sub}>
          {destinationTypeLabels[type]} · {receiver}
          {unreadable !== null && ' · unreadable secrets'}
        </span>
      </th>
      <td className={cell.nowrap}>
        <DestinationBadge destination={destination} stats={ownStats} />
      </td>
      <td>{ownStats && <Sparkline hours={ownStats.hours} />}</td>
      <td className={cell.numeric}>{ownStats ? formatPercent(ownStats.success) : '–'}</td>
      <td className={cell.numeric}>{ownStats ? formatMilliseconds(ownStats.p95_ms) : '–'}</td>
      <td className={cell.numeric}>
        {ownStats && ownStats.waiting > 0 ? (
          <Link to="/deliveries" search={{ destination_id: id, status: 'queued,retrying' }}>
            {formatNumber(ownStats.waiting)}
          </Link>
        ) : (
          <span className={cell.soft}>–</span>
        )}
      </td>
      <td className={cell.nowrap}>
        {ownStats?.last_delivered_at ? (
          <Time at={ownStats.last_delivered_at} distance="only" />
        ) : (
          <span className={cell.soft}>–</span>
        )}
      </td>
    </tr>
  )
}
