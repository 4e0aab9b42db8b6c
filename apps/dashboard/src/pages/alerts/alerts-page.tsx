import type { AlertRuleView } from '@ghostpost/delivery/contract/alerts'
import { useQuery } from '@tanstack/react-query'
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
import { AlertActions } from './alert-actions.tsx'
import { alertKinds, formatProblem, formatLastValue } from './alert-kinds.ts'
import { AlertStatus } from './alert-status.tsx'
import { CreateAlertDialog } from './create-alert-dialog.tsx'

const head = [
  { label: 'Name' },
  { label: 'State' },
  { label: 'Last value', numeric: true },
  { label: 'Last fired' },
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
            <RuleRow key={rule.id} rule={rule} />
          ))}
        </Table>
      )}
      {isCreating && <CreateAlertDialog siteId={siteId} onClose={() => setCreating(false)} />}
    </>
  )
}

function RuleRow({ rule }: { rule: AlertRuleView }) {
  const problem = formatProblem(rule)
  return (
    <tr>
      <th scope="row">
        {rule.name}
        <span className={cell.sub}>{problem ?? alertKinds[rule.kind].label}</span>
      </th>
      <td className={cell.nowrap}>
        <AlertStatus rule={rule} />
      </td>
      <td className={cell.numeric}>{formatLastValue(rule)}</td>
      <td className={cell.nowrap}>
        {rule.last_fired_at ? <Time at={rule.last_fired_at} distance="only" /> : '–'}
      </td>
      <td className={cell.nowrap}>
        <AlertActions rule={rule} />
      </td>
    </tr>
  )
}
