import type { DeliverySummary } from '@ghostpost/delivery/contract/delivery-log'
import { Link } from '@tanstack/react-router'
import { destinationTypeLabels } from '../../ui/destination-types.ts'
import { deliveryLookOf, DeliveryStatus } from '../../ui/status.tsx'
import { cell } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { formatWait } from './format-wait.ts'

interface DeliveryRowProps {
  delivery: DeliverySummary
  noLongerMatches?: boolean
  hideLead?: boolean
  /** Only in lists whose rows can be selected. */
  select?: { chosen: boolean; choose: (on: boolean, isRange: boolean) => void }
}

export function DeliveryRow({
  delivery,
  noLongerMatches = false,
  hideLead = false,
  select,
}: DeliveryRowProps) {
  const { delivery_id: id, last_error: error } = delivery
  const lead = delivery.identified_user ?? delivery.ghost_vid
  return (
    <tr
      className={
        [select?.chosen && cell.selected, noLongerMatches && cell.gone].filter(Boolean).join(' ') || undefined
      }
    >
      {select && (
        <td className={cell.check}>
          <input
            type="checkbox"
            aria-label={`Select the delivery to ${lead}, ${deliveryLookOf(delivery).text.toLowerCase()}`}
            checked={select.chosen}
            onChange={({ target, nativeEvent }) =>
              select.choose(target.checked, nativeEvent instanceof MouseEvent && nativeEvent.shiftKey)
            }
          />
        </td>
      )}
      <td className={cell.nowrap}>
        <Link to="/deliveries/$id" params={{ id }}>
          <Time at={delivery.created_at} distance={false} />
        </Link>
        <span className={cell.sub}>
          <Time at={delivery.created_at} distance="only" />
          {delivery.sample && ' · sample'}
        </span>
      </td>
      {!hideLead && <Lead delivery={delivery} />}
      <td>
        <span className={cell.clip} title={delivery.receiver}>
          {delivery.destination_name ?? delivery.receiver}
          <span className={cell.sub}>{destinationTypeLabels[delivery.webhook_type]}</span>
        </span>
      </td>
      <td className={cell.nowrap}>
        <DeliveryStatus delivery={delivery} />
        {noLongerMatches && <span className={cell.sub}>no longer in this filter</span>}
      </td>
      <td className={cell.fluid}>
        <LastResponse error={error} status={delivery.last_response_status} />
      </td>
      <td className={cell.numeric}>{delivery.attempts}</td>
      <td className={cell.nowrap}>
        <NextAttempt wait={delivery.wait} />
      </td>
    </tr>
  )
}

/** Notifications and tests are about no lead. */
function Lead({ delivery }: { delivery: DeliverySummary }) {
  const { identified_user: lead, ghost_vid: vid, alert_rule_id: alert, sample } = delivery
  if (alert !== null || sample)
    return (
      <th scope="row">
        {alert === null ? 'Test of the destination' : 'Alert notification'}
        <span className={cell.sub}>no lead</span>
      </th>
    )
  return (
    <th scope="row">
      <Link to="/visitors/$vid" params={{ vid }}>
        {lead ?? vid}
      </Link>
      {lead !== null && (
        <span className={cell.sub}>
          <code>{vid}</code>
        </span>
      )}
    </th>
  )
}

/** When it is attempted next, or what it waits for instead. Its page has the details. */
function NextAttempt({ wait }: { wait: DeliverySummary['wait'] }) {
  if (wait === null) return null
  const text = formatWait(wait)
  return (
    <>
      {text !== null && <span className={cell.soft}>{text}</span>}
      {text !== null && wait.until !== null && <br />}
      {wait.until !== null && <Time at={wait.until} distance="only" />}
    </>
  )
}

interface LastResponseProps {
  error: DeliverySummary['last_error']
  status: DeliverySummary['last_response_status']
}

function LastResponse({ error, status }: LastResponseProps) {
  if (!error) return <span className={cell.soft}>{status ?? '–'}</span>
  return (
    <span className={cell.clip} title={error.message}>
      {error.message}
      <span className={cell.sub}>
        <code>{error.code}</code>
      </span>
    </span>
  )
}
