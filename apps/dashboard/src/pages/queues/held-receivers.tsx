import type { SystemView } from '@ghostpost/delivery/contract/system'
import { Link } from '@tanstack/react-router'
import { Section } from '../../ui/section.tsx'
import { Badge } from '../../ui/status.tsx'
import { cell, Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { formatNumber } from '../deliveries/format-count.ts'

type HeldReceiver = SystemView['backlog']['held_receivers'][number]

const head = [
  { label: 'Receiver' },
  { label: 'Why' },
  { label: 'Tried again' },
  { label: 'Deliveries', numeric: true },
]

/** The receivers that are left alone for a time, and how many due deliveries wait for each. */
export function HeldReceivers({ held }: { held: readonly HeldReceiver[] }) {
  if (held.length === 0) return null
  return (
    <Section title="Held back by their receivers">
      <Table caption="Receivers for which deliveries wait" head={head}>
        {held.map((one) => (
          <Row key={`${one.siteId} ${one.destination_id ?? one.receiver} ${one.reason}`} held={one} />
        ))}
      </Table>
    </Section>
  )
}

function Row({ held }: { held: HeldReceiver }) {
  const { destination_id: id, destination_name: name, receiver, reason, until, count } = held
  const search = id === null ? { receiver } : { destination_id: id }
  return (
    <tr>
      <th scope="row">
        {id === null ? (
          receiver
        ) : (
          <>
            <Link to="/destinations/$id" params={{ id }}>
              {name ?? receiver}
            </Link>
            <span className={cell.sub}>{receiver}</span>
          </>
        )}
      </th>
      <td>
        {reason === 'breaker_open' ? (
          <Badge tone="bad" icon="stop" text="Circuit open" />
        ) : (
          <Badge tone="warn" icon="wait" text="Asked for a pause" />
        )}
      </td>
      <td>
        <Time at={until} />
      </td>
      <td className={cell.numeric}>
        <Link to="/deliveries" search={{ ...search, wait: 'held' }}>
          {formatNumber(count)}
        </Link>
      </td>
    </tr>
  )
}
