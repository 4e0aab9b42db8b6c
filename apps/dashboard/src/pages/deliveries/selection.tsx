import type { DeliveryCount } from '@ghostpost/delivery/contract/delivery-log'
import { useState } from 'react'
import { useRefusal, useSite } from '../../session/session.ts'
import { Button } from '../../ui/button.tsx'
import { PlanDialog } from '../operations/plan-dialog.tsx'
import type { RowSelection } from './row-selection.ts'
import styles from './delivery-list.module.css'
import { filterOf, isFiltered, type ListSearch } from './list-search.ts'
import { formatCount } from './format-count.ts'

interface SelectionProps {
  chosen: RowSelection
  allOnPage: boolean
  pageSize: number
  count: DeliveryCount | undefined
  search: ListSearch
  choose: (chosen: RowSelection) => void
}

/** The actions for the selected rows. One more press selects the matching deliveries of all pages. */
export function Selection({ chosen, allOnPage, pageSize, count, search, choose }: SelectionProps) {
  const [kind, setKind] = useState<'resend' | 're_export' | 'cancel' | null>(null)
  const refusal = useRefusal('operator')
  const { id: siteId } = useSite()
  const isMatching = chosen.kind === 'matching'
  if (!isMatching && chosen.ids.size === 0) return null
  const total = count ?? { count: pageSize, capped: false }
  const selectionText = isMatching
    ? `All ${formatCount(total)} that match`
    : formatCount({ count: chosen.ids.size })
  const subject = isMatching ? { filter: filterOf(search) } : { delivery_ids: [...chosen.ids] }
  const unfilteredRefusal =
    isMatching && !isFiltered(search)
      ? 'Set a filter first: an operation cannot select all deliveries of a site.'
      : null
  return (
    <section className={styles.bar} aria-label="Selected deliveries">
      <output className={styles.count}>{selectionText} selected</output>
      {allOnPage && !isMatching && (total.capped || total.count > pageSize) && (
        <Button look="quiet" onClick={() => choose({ kind: 'matching' })}>
          Select all {formatCount(total)} that match
        </Button>
      )}
      <span className={styles.spacer} />
      <Button
        look="primary"
        data-key="r"
        refusal={refusal ?? unfilteredRefusal}
        onClick={() => setKind('resend')}
      >
        Resend …
      </Button>
      <Button refusal={refusal ?? unfilteredRefusal} onClick={() => setKind('re_export')}>
        Re-export …
      </Button>
      <Button refusal={refusal ?? unfilteredRefusal} onClick={() => setKind('cancel')}>
        Cancel waiting …
      </Button>
      <Button look="quiet" onClick={() => choose({ kind: 'some', ids: new Set() })}>
        Clear
      </Button>
      {kind !== null && (
        <PlanDialog
          subject={selectionText}
          request={{ siteId, kind, ...subject }}
          onClose={() => setKind(null)}
        />
      )}
    </section>
  )
}
