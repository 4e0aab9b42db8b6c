import type { DeliveryView } from '@ghostpost/delivery/contract/delivery'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { api } from '../../api.ts'
import { liveRefetchInterval } from '../../live/live-state.ts'
import { useShortcuts } from '../../shell/use-shortcuts.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { Section } from '../../ui/section.tsx'
import { DeliveryStatus } from '../../ui/status.tsx'
import { CompareAttempts } from './compare-attempts.tsx'
import { DeliveryActions } from './delivery-actions.tsx'
import { DeliveryFacts } from './delivery-facts.tsx'
import type { DeliverySearch } from './delivery-search.ts'
import { Explanation } from './explanation.tsx'
import { PayloadSection } from './payload-section.tsx'
import { Timeline } from './timeline.tsx'

const settled: ReadonlySet<DeliveryView['status']> = new Set(['delivered', 'failed', 'cancelled'])

export function DeliveryPage() {
  const { id } = useParams({ from: '/shell/deliveries/$id' })
  const delivery = useQuery({
    queryKey: ['delivery', id],
    queryFn: () => api.readDelivery(id),
    // A copy that was delivered changes this delivery without an event of its own.
    staleTime: 0,
    refetchInterval: liveRefetchInterval,
  })
  return (
    <Loaded query={delivery} title="Delivery">
      {(data) => <Delivery delivery={data} />}
    </Loaded>
  )
}

function Delivery({ delivery }: { delivery: DeliveryView }) {
  const { delivery_id: id, status, attempts } = delivery
  const lead = delivery.identified_user ?? delivery.ghost_vid
  const isSettled = settled.has(status)
  const { search, change } = useDeliverySearch()
  const chosen = attempts.find(({ number }) => number === search.attempt) ?? attempts.at(-1)
  const step = (by: number): void => {
    const next = attempts[attempts.findIndex((one) => one === chosen) + by]
    if (next) change({ attempt: next.number })
  }
  useShortcuts({ '[': () => step(-1), ']': () => step(1) })
  return (
    <>
      <PageHead
        title={`Delivery of ${lead}`}
        above={<Link to="/deliveries">Deliveries</Link>}
        heading={
          <>
            Delivery of {lead} <DeliveryStatus delivery={delivery} />
          </>
        }
      >
        <DeliveryActions delivery={delivery} isSettled={isSettled} />
      </PageHead>
      <DeliveryFacts delivery={delivery} />
      <Explanation id={id} status={status} isSettled={isSettled} />
      <Section title="Attempts">
        <Timeline
          delivery={delivery}
          chosen={chosen?.number}
          choose={(attempt) => change({ attempt, with: undefined })}
        />
      </Section>
      {chosen && attempts.length > 1 && (
        <CompareAttempts
          attempts={attempts}
          first={chosen}
          second={attempts.find((one) => one.number === search.with && one !== chosen)}
          choose={(second) => change({ attempt: chosen.number, with: second })}
        />
      )}
      <PayloadSection
        delivery={delivery}
        isRaw={search.payload === 'raw'}
        show={(isRaw) => change({ payload: isRaw ? 'raw' : undefined })}
      />
    </>
  )
}

/** The address holds what is open, so that a link shows the same view. */
function useDeliverySearch(): { search: DeliverySearch; change: (changes: DeliverySearch) => void } {
  const search = useSearch({ from: '/shell/deliveries/$id' })
  const navigate = useNavigate({ from: '/deliveries/$id' })
  return {
    search,
    change: (changes) =>
      void navigate({ search: { ...search, ...changes }, replace: true, resetScroll: false }),
  }
}
