import type { DestinationView } from '@ghostpost/delivery/contract/destination'
import type { DestinationStats } from '@ghostpost/delivery/contract/stats'
import { Link } from '@tanstack/react-router'
import { tellMilliseconds, tellShare } from '../../stats/tell-stats.ts'
import { Sparkline } from '../../ui/chart/sparkline.tsx'
import { kindLabels } from '../../ui/kind-label.ts'
import { cell, SkeletonRows, Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { tellNumber } from '../deliveries/tell-count.ts'
import { StandingBadge } from './standing-badge.tsx'

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
  /** Undefined while they are still to come. */
  destinations: readonly DestinationView[] | undefined
  stats: ReadonlyMap<string, DestinationStats> | undefined
  /** How many to keep room for. */
  rows: number
}

/** Saved destinations with how they fare. */
export function DestinationTable({ caption, destinations, stats, rows }: DestinationTableProps) {
  return (
    <Table caption={caption} head={head} busy={!destinations}>
      {!destinations && <SkeletonRows columns={head.length} rows={rows} />}
      {destinations?.map((destination) => (
        <DestinationRow key={destination.id} destination={destination} own={stats?.get(destination.id)} />
      ))}
    </Table>
  )
}

function DestinationRow({
  destination,
  own,
}: {
  destination: DestinationView
  own: DestinationStats | undefined
}) {
  const { id, name, webhook_type: type, receiver } = destination
  return (
    <tr>
      <th scope="row">
        <Link to="/destinations/$id" params={{ id }}>
          {name}
        </Link>
        <span className={cell.sub}>
          {kindLabels[type]} · {receiver}
        </span>
      </th>
      <td className={cell.nowrap}>
        <StandingBadge state={destination.state} health={own?.health} />
      </td>
      <td>{own && <Sparkline hours={own.hours} />}</td>
      <td className={cell.numeric}>{own ? tellShare(own.success) : '–'}</td>
      <td className={cell.numeric}>{own ? tellMilliseconds(own.p95_ms) : '–'}</td>
      <td className={cell.numeric}>
        {own && own.waiting > 0 ? (
          <Link to="/deliveries" search={{ destination_id: id, status: 'queued,retrying' }}>
            {tellNumber(own.waiting)}
          </Link>
        ) : (
          <span className={cell.soft}>–</span>
        )}
      </td>
      <td className={cell.nowrap}>
        {own?.last_delivered_at ? (
          <Time at={own.last_delivered_at} distance="only" />
        ) : (
          <span className={cell.soft}>–</span>
        )}
      </td>
    </tr>
  )
}
