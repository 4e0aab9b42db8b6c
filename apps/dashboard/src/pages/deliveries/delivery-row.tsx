import type { DeliverySummary } from '@ghostpost/delivery/contract/delivery-log'
import { Link } from '@tanstack/react-router'
import { destinationTypeLabels } from '../../ui/destination-types.ts'
import { deliveryLooks, DeliveryStatus } from '../../ui/status.tsx'
import { cell } from '../../ui/table.tsx'
import { Time, useNow } from '../../ui/time.tsx'

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
  const { delivery_id: id, last_error: error, status } = delivery
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
            aria-label={`Select the delivery to ${lead}, ${deliveryLooks[status].text.toLowerCase()}`}
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
        <DeliveryStatus status={status} />
        {noLongerMatches && <span className={cell.sub}>no longer in this filter</span>}
      </td>
      <td className={cell.fluid}>
        <LastResponse error={error} status={delivery.last_response_status} />
      </td>
      <td className={cell.numeric}>{delivery.attempts}</td>
      <td className={cell.nowrap}>
        <NextAttempt at={delivery.next_attempt_at} />
      </td>
    </tr>
  )
}

function Lead({ delivery: { identified_user: lead, ghost_vid: vid } }: { delivery: DeliverySummary }) {
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

/** When the next attempt is in the past, the delivery waits for something else; its page shows why. */
function NextAttempt({ at }: { at: string | null }) {
  const now = useNow()
  if (at === null) return null
  return new Date(at).getTime() < now ? (
    <span className={cell.soft}>due</span>
  ) : (
    <Time at={at} distance="only" />
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
