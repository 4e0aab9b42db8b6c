import type { VisitorView } from '@ghostpost/delivery/contract/visitor'
import { Facts } from '../../ui/facts.tsx'
import { Section } from '../../ui/section.tsx'
import { formatDuration } from '../../ui/format-time.ts'
import { cell, Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { formatNumber } from '../deliveries/format-count.ts'

/** The stored profile: who the visitor is and what the visitor did. */
export function VisitorProfile({ visitor }: { visitor: VisitorView }) {
  const place = [visitor.city, visitor.country].filter((part) => part !== null).join(', ')
  const device = [visitor.device_type, visitor.browser].filter((part) => part !== null).join(' · ')
  const facts = [
    ['Name', visitor.name],
    ['Company', visitor.company],
    ['Id at the site', visitor.identified_user_id],
    ['Place', place],
    ['Device', device],
    ['Score', String(visitor.score)],
    [
      'Visits',
      `${formatNumber(visitor.total_sessions)} sessions · ${formatNumber(visitor.total_pageviews)} pages · ` +
        formatDuration(visitor.total_time_seconds * 1_000),
    ],
  ] as const
  return (
    <Section title="Profile">
      <Facts>
        {facts.map(
          ([name, text]) =>
            text && (
              <Facts.Row key={name} name={name}>
                {text}
              </Facts.Row>
            ),
        )}
        <Facts.Row name="First seen">
          <Time at={visitor.first_seen} />
        </Facts.Row>
        <Facts.Row name="Last seen">
          <Time at={visitor.last_seen} />
        </Facts.Row>
        {visitor.traits !== null && (
          <Facts.Row name="Traits">
            <code>{JSON.stringify(visitor.traits)}</code>
          </Facts.Row>
        )}
      </Facts>
      {visitor.events.length > 0 && <Events events={visitor.events} />}
    </Section>
  )
}

const head = [{ label: 'Event' }, { label: 'Page' }, { label: 'When' }]

function Events({ events }: Pick<VisitorView, 'events'>) {
  return (
    <Table caption="Newest events" head={head}>
      {events.map(({ event_id: id, type, page, occurred_at: at }, index) => (
        <tr key={id ?? index}>
          <th scope="row">{type}</th>
          <td>{page ?? <span className={cell.soft}>–</span>}</td>
          <td>
            <Time at={at} />
          </td>
        </tr>
      ))}
    </Table>
  )
}
