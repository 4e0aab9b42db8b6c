import type { DestinationView } from '@ghostpost/delivery/contract/destination'
import type { FailureGroup } from '@ghostpost/delivery/contract/failures'
import type { OperationView } from '@ghostpost/delivery/contract/operations'
import type { DestinationStats } from '@ghostpost/delivery/contract/stats'
import { Link } from '@tanstack/react-router'
import { OperationStatus } from '../../ui/status.tsx'
import { cell, SkeletonRows, Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { formatNumber } from '../deliveries/format-count.ts'
import { DestinationTable } from '../destinations/destination-table.tsx'
import { operationKindNames } from '../operations/operation-kind-names.ts'
import { Progress } from '../operations/progress.tsx'
import styles from './overview-page.module.css'

const failureHead = [{ label: 'Failure' }, { label: 'Now', numeric: true }, { label: 'Last seen' }]
const destinationsMax = 8

export function TopFailures({ groups }: { groups: readonly FailureGroup[] | undefined }) {
  return (
    <section className={styles.section} aria-labelledby="top-failures">
      <h2 id="top-failures">
        <Link to="/failures">Top failures</Link>
      </h2>
      {groups?.length === 0 ? (
        <p className={styles.none}>No open failure groups.</p>
      ) : (
        <Table caption="Open failure groups, the largest first" head={failureHead} busy={!groups}>
          {!groups && <SkeletonRows columns={3} rows={3} />}
          {groups?.map(({ fingerprint, message, count, capped, last_seen: seen, ...group }) => (
            <tr key={fingerprint}>
              <th scope="row">
                <Link
                  to="/failures/$fingerprint"
                  params={{ fingerprint }}
                  className={cell.clipWide}
                  title={message}
                >
                  {message}
                </Link>
                <span className={cell.soft}>{group.destination_name ?? group.receiver}</span>
              </th>
              <td className={cell.numeric}>
                <strong>
                  {formatNumber(count)}
                  {capped && '+'}
                </strong>
              </td>
              <td className={cell.nowrap}>
                <Time at={seen} distance="only" />
              </td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  )
}

export function DestinationHealth({
  destinations,
  stats,
}: {
  destinations: readonly DestinationView[] | undefined
  stats: ReadonlyMap<string, DestinationStats> | undefined
}) {
  return (
    <section className={styles.section} aria-labelledby="destination-health">
      <h2 id="destination-health">
        <Link to="/destinations">Destinations</Link>
      </h2>
      {destinations?.length === 0 ? (
        <p className={styles.none}>
          No saved destinations. <Link to="/destinations">Save a destination</Link> to use limits, signatures
          and pauses.
        </p>
      ) : (
        <DestinationTable
          caption="Destinations and their health, last 24 hours"
          destinations={destinations && sortByHealth(destinations, stats).slice(0, destinationsMax)}
          stats={stats}
          rows={4}
        />
      )}
      {destinations && destinations.length > destinationsMax && (
        <Link to="/destinations">Show all {destinations.length}</Link>
      )}
    </section>
  )
}

/** Stopped destinations first, then by their share of failures. */
function sortByHealth(
  destinations: readonly DestinationView[],
  stats: ReadonlyMap<string, DestinationStats> | undefined,
): DestinationView[] {
  const troubleScore = ({ id, state }: DestinationView): number => {
    const ownStats = stats?.get(id)
    const isStopped = state !== 'enabled' || ownStats?.health.breaker === 'open'
    return (isStopped ? 2 : 0) + (1 - (ownStats?.success ?? 1))
  }
  return destinations.toSorted((one, other) => troubleScore(other) - troubleScore(one))
}

/** Shown only while an operation is running or paused. */
export function RunningOperations({ operations }: { operations: readonly OperationView[] | undefined }) {
  const running = operations?.filter(({ state }) => state === 'running' || state === 'paused') ?? []
  if (running.length === 0) return null
  return (
    <section className={styles.section} aria-labelledby="running-operations">
      <h2 id="running-operations">Operations in progress</h2>
      <ul className={styles.operations}>
        {running.map((operation) => (
          <li key={operation.operation_id}>
            <Link to="/operations/$id" params={{ id: operation.operation_id }}>
              {operationKindNames[operation.kind]} {formatNumber(operation.counts.matched)}
            </Link>
            <OperationStatus state={operation.state} />
            <Progress operation={operation} />
            <span className={cell.soft}>
              {formatNumber(operation.counts.delivered)} delivered · {formatNumber(operation.counts.failed)}{' '}
              failed
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
