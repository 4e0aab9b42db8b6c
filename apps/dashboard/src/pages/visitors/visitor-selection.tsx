import { useState } from 'react'
import { useRefusal } from '../../session/session.ts'
import { Button } from '../../ui/button.tsx'
import { formatCount } from '../deliveries/format-count.ts'
import styles from '../deliveries/delivery-list.module.css'
import { PlanDialog } from '../operations/plan-dialog.tsx'
import { visitorSelectionOf, type VisitorSearch } from './visitor-search.ts'

interface VisitorSelectionProps {
  siteId: number
  search: VisitorSearch
  chosen: ReadonlySet<string>
  clear: () => void
}

/** Export of the chosen visitors, or of all that match. */
export function VisitorSelection({ siteId, search, chosen, clear }: VisitorSelectionProps) {
  const [exported, setExported] = useState<'chosen' | 'matching' | null>(null)
  const refusal = useRefusal('operator')
  const matching = visitorSelectionOf(search)
  if (chosen.size === 0 && matching === null) return null
  const chosenText = formatCount({ count: chosen.size }, 'visitor', 'visitors')
  return (
    <section className={styles.bar} aria-label="Selected visitors">
      <output className={styles.count}>
        {chosen.size > 0 ? `${chosenText} selected` : 'Visitors that match the filter'}
      </output>
      <span className={styles.spacer} />
      {chosen.size > 0 && (
        <Button look="primary" refusal={refusal} onClick={() => setExported('chosen')}>
          Export selected …
        </Button>
      )}
      {matching !== null && (
        <Button refusal={refusal} onClick={() => setExported('matching')}>
          Export all that match …
        </Button>
      )}
      {chosen.size > 0 && (
        <Button look="quiet" onClick={clear}>
          Clear
        </Button>
      )}
      {exported !== null && (
        <PlanDialog
          subject={exported === 'chosen' ? chosenText : 'all visitors that match'}
          request={{
            siteId,
            kind: 'export',
            visitors: exported === 'chosen' ? { ghost_vids: [...chosen] } : (matching ?? {}),
          }}
          onClose={() => setExported(null)}
        />
      )}
    </section>
  )
}
