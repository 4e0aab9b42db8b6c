import type { AlertRuleView } from '@ghostpost/delivery/contract/alerts'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../../api.ts'
import { pollRefetchInterval } from '../../live/live-state.ts'
import { useRefusal, useSite } from '../../session/session.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { cell, SkeletonRows, Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { formatRecipients, watchedSearchOf } from './alert-cause.ts'
import { AlertActions } from './alert-actions.tsx'
import { alertKinds, formatProblem, formatLastValue } from './alert-kinds.ts'
import { AlertStatus } from './alert-status.tsx'
import { CreateAlertDialog } from './create-alert-dialog.tsx'

const head = [
  { label: 'Name' },
  { label: 'State' },
  { label: 'Last value', numeric: true },
  { label: 'Last fired' },
  { label: 'Notifies' },
  { label: 'Actions' },
]

/** The alert rules of the site and the state of each. */
export function AlertsPage() {
  const { id: siteId } = useSite()
  const [isCreating, setCreating] = useState(false)
  const refusal = useRefusal('operator')
  const rules = useQuery({
    queryKey: ['alert-rules', siteId],
    queryFn: () => api.listAlertRules(siteId),
    refetchInterval: pollRefetchInterval,
  })
  const items = rules.data?.items
  const destinations = useQuery({
    queryKey: ['destinations', siteId],
    queryFn: () => api.listDestinations(siteId),
  })
  const names = new Map((destinations.data?.items ?? []).map(({ id, name }) => [id, name]))
  return (
    <>
      <PageHead title="Alerts">
        <Button look="primary" data-key="n" refusal={refusal} onClick={() => setCreating(true)}>
          New alert
        </Button>
      </PageHead>
      {rules.error && <FailureNotice error={rules.error} retry={() => void rules.refetch()} />}
      {items?.length === 0 ? (
        <Empty title="No alert rules">
          <p>
            An alert rule notifies a chat channel, a webhook or e-mail addresses when exports fail, wait too
            long or become dead letters.
          </p>
        </Empty>
      ) : (
        <Table caption="Alert rules" head={head} busy={rules.isPending}>
          {!items && !rules.error && <SkeletonRows columns={head.length} rows={3} />}
          {items?.map((rule) => (
            <RuleRow key={rule.id} rule={rule} nameOf={(id) => names.get(id)} />
          ))}
        </Table>
      )}
      {isCreating && <CreateAlertDialog siteId={siteId} onClose={() => setCreating(false)} />}
    </>
  )
}

function RuleRow({ rule, nameOf }: { rule: AlertRuleView; nameOf: (id: string) => string | undefined }) {
  const problem = formatProblem(rule)
  return (
    <tr>
      <th scope="row">
        {rule.name}
        <span className={cell.sub}>{problem ?? alertKinds[rule.kind].label}</span>
      </th>
      <td className={cell.nowrap}>
        <AlertStatus rule={rule} />
        <WatchedLink rule={rule} />
      </td>
      <td className={cell.numeric}>{formatLastValue(rule)}</td>
      <td className={cell.nowrap}>
        {rule.last_fired_at ? <Time at={rule.last_fired_at} distance="only" /> : '–'}
      </td>
      <td>
        {formatRecipients(rule, nameOf)}
        {rule.filter.destination_id !== null && (
          <span className={cell.sub}>only for {nameOf(rule.filter.destination_id) ?? 'one destination'}</span>
        )}
      </td>
      <td className={cell.nowrap}>
        <AlertActions rule={rule} />
      </td>
    </tr>
  )
}

/** What a firing rule is about. */
function WatchedLink({ rule }: { rule: AlertRuleView }) {
  if (!rule.enabled || rule.state !== 'firing') return null
  const search = watchedSearchOf(rule)
  return (
    <span className={cell.sub}>
      {search === null ? (
        <Link to="/destinations">Show the destinations</Link>
      ) : (
        <Link to="/deliveries" search={search}>
          Show the deliveries
        </Link>
      )}
    </span>
  )
}
