import type { DestinationView, FailureGroup, OperationView } from '@ghostpost/delivery/contract'
import { Link } from '@tanstack/react-router'
import { DestinationStatus, OperationStatus } from '../../ui/status.tsx'
import { cell, SkeletonRows, Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { tellNumber } from '../deliveries/tell-count.ts'
import { BreakerState } from '../destinations/breaker-state.tsx'
import { useHealth } from '../destinations/use-health.ts'
import { kindNames } from '../operations/kind-names.ts'
import { Progress } from '../operations/progress.tsx'
import styles from './overview-page.module.css'

const failureHead = [{ label: 'What fails' }, { label: 'Now', numeric: true }, { label: 'Last seen' }]
const destinationHead = [{ label: 'Destination' }, { label: 'State' }, { label: 'Circuit' }]
const destinationsMax = 8

export function TopFailures({ groups }: { groups: readonly FailureGroup[] | undefined }) {
  return (
    <section className={styles.section} aria-labelledby="top-failures">
      <h2 id="top-failures">
        <Link to="/failures">Top failures</Link>
      </h2>
      {groups?.length === 0 ? (
        <p className={styles.none}>No open failure group. Nothing to do here.</p>
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
                {tellNumber(count)}
                {capped && '+'}
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
}: {
  destinations: readonly DestinationView[] | undefined
}) {
  return (
    <section className={styles.section} aria-labelledby="destination-health">
      <h2 id="destination-health">
        <Link to="/destinations">Destinations</Link>
      </h2>
      {destinations?.length === 0 ? (
        <p className={styles.none}>
          None is saved. <Link to="/destinations">Save one</Link> to have limits, signatures and a pause.
        </p>
      ) : (
        <Table caption="Destinations and how they cope" head={destinationHead} busy={!destinations}>
          {!destinations && <SkeletonRows columns={3} rows={3} />}
          {destinations?.slice(0, destinationsMax).map((destination) => (
            <HealthRow key={destination.id} destination={destination} />
          ))}
        </Table>
      )}
    </section>
  )
}

function HealthRow({ destination: { id, name, state } }: { destination: DestinationView }) {
  const { data: health } = useHealth(id)
  return (
    <tr>
      <th scope="row">
        <Link to="/destinations/$id" params={{ id }}>
          {name}
        </Link>
      </th>
      <td>
        <DestinationStatus state={state} />
      </td>
      <td>{health ? <BreakerState health={health} /> : <span className={cell.soft}>–</span>}</td>
    </tr>
  )
}

/** Only while there are any. */
export function RunningOperations({ operations }: { operations: readonly OperationView[] | undefined }) {
  const running = operations?.filter(({ state }) => state === 'running' || state === 'paused') ?? []
  if (running.length === 0) return null
  return (
    <section className={styles.section} aria-labelledby="running-operations">
      <h2 id="running-operations">Operations under way</h2>
      <ul className={styles.operations}>
        {running.map((operation) => (
          <li key={operation.operation_id}>
            <Link to="/operations/$id" params={{ id: operation.operation_id }}>
              {kindNames[operation.kind]} {tellNumber(operation.counts.matched)}
            </Link>
            <OperationStatus state={operation.state} />
            <Progress operation={operation} />
            <span className={cell.soft}>
              {tellNumber(operation.counts.delivered)} delivered · {tellNumber(operation.counts.failed)}{' '}
              failed
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
