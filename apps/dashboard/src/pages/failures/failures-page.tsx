import type { FailureGroup } from '@ghostpost/delivery/contract/failures'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { api } from '../../api.ts'
import { liveRefetchInterval } from '../../live/live-state.ts'
import { useSite } from '../../session/session.ts'
import { Empty } from '../../ui/empty.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { destinationTypeLabels } from '../../ui/destination-types.ts'
import { PageHead } from '../../ui/page-head.tsx'
import { Segments } from '../../ui/segments.tsx'
import { FailureStatus } from '../../ui/status.tsx'
import { cell, SkeletonRows, Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { formatNumber } from '../deliveries/format-count.ts'
import { failureStates, type FailureState } from './failure-states.ts'

const head = [
  { label: 'Failure' },
  { label: 'Receiver' },
  { label: 'State' },
  { label: 'Now', numeric: true },
  { label: 'Recovered', numeric: true },
  { label: '15 min', numeric: true },
  { label: '1 h', numeric: true },
  { label: '24 h', numeric: true },
  { label: '7 d', numeric: true },
  { label: 'Last seen' },
]

const choices = [
  { value: '', label: 'All' },
  ...failureStates.map((state) => ({ value: state, label: state[0]?.toUpperCase() + state.slice(1) })),
]

/** Dead letters, grouped by cause and receiver. */
export function FailuresPage() {
  const { state } = useSearch({ from: '/shell/failures' })
  const { id: siteId } = useSite()
  const navigate = useNavigate({ from: '/failures' })
  const groups = useQuery({
    queryKey: ['failures', siteId, state],
    queryFn: () => api.listFailures(siteId, state),
    refetchInterval: liveRefetchInterval,
    placeholderData: keepPreviousData,
  })
  const items = groups.data?.items
  return (
    <>
      <PageHead title="Failures">
        <Segments
          label="State"
          value={state ?? ''}
          options={choices}
          choose={(next) => void navigate({ search: next === '' ? {} : { state: next as FailureState } })}
        />
      </PageHead>
      {groups.error && <FailureNotice error={groups.error} retry={() => void groups.refetch()} />}
      {items?.length === 0 ? (
        <NoFailures state={state} />
      ) : (
        <Table caption="Failure groups, the largest first" head={head} busy={groups.isPending}>
          {!items && !groups.error && <SkeletonRows columns={head.length} />}
          {items?.map((group) => (
            <GroupRow key={group.fingerprint} group={group} />
          ))}
        </Table>
      )}
    </>
  )
}

function GroupRow({ group }: { group: FailureGroup }) {
  const { fingerprint, message, count, capped } = group
  return (
    <tr>
      <th scope="row">
        <Link to="/failures/$fingerprint" params={{ fingerprint }} className={cell.clipWide} title={message}>
          {message}
        </Link>
        <code className={cell.soft}>{group.cause}</code>
      </th>
      <td>
        {group.destination_name ?? group.receiver}
        <br />
        <span className={cell.soft}>{destinationTypeLabels[group.webhook_type]}</span>
      </td>
      <td className={cell.nowrap}>
        <FailureStatus state={group.state} />
      </td>
      <td className={cell.numeric}>
        <strong>
          {formatNumber(count)}
          {capped && '+'}
        </strong>
      </td>
      <Count number={group.recovered} />
      <Count number={group.last_15_minutes} />
      <Count number={group.last_hour} />
      <Count number={group.last_day} />
      <Count number={group.last_week} />
      <td className={cell.nowrap}>
        <Time at={group.last_seen} distance="only" />
      </td>
    </tr>
  )
}

function Count({ number }: { number: number }) {
  return (
    <td className={cell.numeric}>
      {number === 0 ? <span className={cell.soft}>–</span> : formatNumber(number)}
    </td>
  )
}

function NoFailures({ state }: { state: FailureState | undefined }) {
  if (state !== undefined) {
    return (
      <Empty title={`No group is ${state}`}>
        <Link to="/failures" search={{}}>
          Show all groups
        </Link>
      </Empty>
    )
  }
  return (
    <Empty title="No dead letters">
      <p>This site has no dead letters. Deliveries that are being retried are under Deliveries.</p>
      <Link to="/deliveries" search={{ status: 'retrying' }}>
        Show deliveries that are being retried
      </Link>
    </Empty>
  )
}
