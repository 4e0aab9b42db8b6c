import type { AuditEntryView } from '@ghostpost/delivery/contract/audit'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { api } from '../../api.ts'
import { useRefusal, useSite } from '../../session/session.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { cell, SkeletonRows, Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { Segments } from '../../ui/segments.tsx'
import { actionsOf, activityGroups, parseActivityGroup } from './activity-groups.ts'
import { formatAction, formatDetails } from './format-action.ts'

const shownOptions = [
  { value: '', label: 'All' },
  ...Object.entries(activityGroups).map(([value, { label }]) => ({ value, label })),
]

const head = [
  { label: 'When' },
  { label: 'Who' },
  { label: 'What' },
  { label: 'About' },
  { label: 'Details' },
]

/** The audit log of the site, newest first. */
export function ActivityPage() {
  const { id: siteId } = useSite()
  const refusal = useRefusal('admin')
  const { show } = useSearch({ from: '/shell/activity' })
  const navigate = useNavigate({ from: '/activity' })
  const log = useInfiniteQuery({
    queryKey: ['audit', siteId, show],
    queryFn: ({ pageParam }) => api.readAudit(siteId, { cursor: pageParam, action: actionsOf(show) }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    enabled: refusal === null,
  })
  const items = log.data?.pages.flatMap((page) => page.items)
  if (refusal !== null) {
    return (
      <>
        <PageHead title="Activity" />
        <Notice tone="warn">{refusal}</Notice>
      </>
    )
  }
  return (
    <>
      <PageHead title="Activity">
        <Segments
          label="Show"
          value={show ?? ''}
          options={shownOptions}
          choose={(group) => {
            const next = parseActivityGroup(group)
            void navigate({ search: next === undefined ? {} : { show: next } })
          }}
        />
        <Button onClick={() => void log.refetch()}>Refresh</Button>
      </PageHead>
      {log.error && <FailureNotice error={log.error} retry={() => void log.refetch()} />}
      {items?.length === 0 ? (
        <Empty title={show === undefined ? 'No activity yet' : 'No such activity'}>
          <p>Sign-ins, exports and every change in this site appear here.</p>
        </Empty>
      ) : (
        <Table caption="Activity, newest first" head={head} busy={log.isPending}>
          {!items && !log.error && <SkeletonRows columns={head.length} />}
          {items?.map((entry) => (
            <EntryRow key={entry.id} entry={entry} />
          ))}
        </Table>
      )}
      {log.hasNextPage && (
        <div>
          <Button busy={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
            Show older entries
          </Button>
        </div>
      )}
    </>
  )
}

function EntryRow({ entry }: { entry: AuditEntryView }) {
  return (
    <tr>
      <td className={cell.nowrap}>
        <Time at={entry.at} distance={false} />
      </td>
      <td title={`From ${entry.ip}`}>
        {entry.user_email ?? <span className={cell.soft}>not signed in</span>}
        {entry.api_key && <span className={cell.sub}>API key {entry.api_key.name}</span>}
      </td>
      <th scope="row" className={cell.nowrap}>
        {formatAction(entry.action)}
      </th>
      <td className={cell.nowrap}>
        <About entry={entry} />
      </td>
      <td>
        <Details details={entry.details} />
      </td>
    </tr>
  )
}

/** The details of an entry, with the destination shown by its name. */
function Details({ details }: { details: AuditEntryView['details'] }) {
  const { destination_id: id, ...rest } = details
  const formatted = formatDetails(rest)
  if (typeof id !== 'string') return formatted
  return (
    <>
      {formatted}
      {formatted && ' · '}
      <DestinationName id={id} />
    </>
  )
}

function DestinationName({ id }: { id: string }) {
  const { id: siteId } = useSite()
  const destinations = useQuery({
    queryKey: ['destinations', siteId],
    queryFn: () => api.listDestinations(siteId),
  })
  const name = destinations.data?.items.find((one) => one.id === id)?.name
  return (
    <Link to="/destinations/$id" params={{ id }}>
      {name ?? 'a destination'}
    </Link>
  )
}

function AlertRuleName({ id }: { id: string }) {
  const { id: siteId } = useSite()
  const rules = useQuery({ queryKey: ['alert-rules', siteId], queryFn: () => api.listAlertRules(siteId) })
  const name = rules.data?.items.find((one) => one.id === id)?.name
  return name === undefined ? <>an alert rule</> : <Link to="/alerts">{name}</Link>
}

function About({ entry: { object_type: type, object_id: id } }: { entry: AuditEntryView }) {
  if (id === null) return <span className={cell.soft}>–</span>
  const text = <code>{id.length > 20 ? `${id.slice(0, 13)}…` : id}</code>
  if (type === 'delivery')
    return (
      <Link to="/deliveries/$id" params={{ id }}>
        {text}
      </Link>
    )
  if (type === 'operation')
    return (
      <Link to="/operations/$id" params={{ id }}>
        {text}
      </Link>
    )
  if (type === 'destination') return <DestinationName id={id} />
  if (type === 'alert_rule') return <AlertRuleName id={id} />
  if (type === 'failure_group')
    return (
      <Link to="/failures/$fingerprint" params={{ fingerprint: id }}>
        {text}
      </Link>
    )
  return text
}
