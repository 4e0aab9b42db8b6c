import type { DeliveryCount } from '@ghostpost/delivery/contract/delivery-log'
import { useState } from 'react'
import { useRefusal, useSite } from '../../session/session.ts'
import { Button } from '../../ui/button.tsx'
import { PlanDialog } from '../operations/plan-dialog.tsx'
import type { Chosen } from './choose-rows.ts'
import styles from './delivery-list.module.css'
import { filterOf, isFiltered, type ListSearch } from './list-search.ts'
import { tellCount } from './tell-count.ts'

interface SelectionProps {
  chosen: Chosen
  allOnPage: boolean
  pageSize: number
  count: DeliveryCount | undefined
  search: ListSearch
  choose: (chosen: Chosen) => void
}

/** What can be done with the rows that are selected; all that match, on all pages, take one more press. */
export function Selection({ chosen, allOnPage, pageSize, count, search, choose }: SelectionProps) {
  const [kind, setKind] = useState<'resend' | 're_export' | null>(null)
  const refusal = useRefusal('operator')
  const { id: siteId } = useSite()
  const isMatching = chosen.kind === 'matching'
  if (!isMatching && chosen.ids.size === 0) return null
  const total = count ?? { count: pageSize, capped: false }
  const told = isMatching
    ? `All ${tellCount(total, 'delivery', 'deliveries')} that match`
    : tellCount({ count: chosen.ids.size, capped: false }, 'delivery', 'deliveries')
  const subject = isMatching ? { filter: filterOf(search) } : { delivery_ids: [...chosen.ids] }
  const everything =
    isMatching && !isFiltered(search) ? 'Choose a filter first: nothing is done to everything at once.' : null
  return (
    <section className={styles.bar} aria-label="Selected deliveries">
      <output className={styles.told}>{told} selected</output>
      {allOnPage && !isMatching && (total.capped || total.count > pageSize) && (
        <Button look="quiet" onClick={() => choose({ kind: 'matching' })}>
          Select all {tellCount(total, 'delivery', 'deliveries')} that match
        </Button>
      )}
      <span className={styles.spacer} />
      <Button look="primary" data-key="r" refusal={refusal ?? everything} onClick={() => setKind('resend')}>
        Resend …
      </Button>
      <Button refusal={refusal ?? everything} onClick={() => setKind('re_export')}>
        Re-export …
      </Button>
      <Button look="quiet" onClick={() => choose({ kind: 'some', ids: new Set() })}>
        Clear
      </Button>
      {kind !== null && (
        <PlanDialog what={told} wish={{ siteId, kind, ...subject }} onClose={() => setKind(null)} />
      )}
    </section>
  )
}
