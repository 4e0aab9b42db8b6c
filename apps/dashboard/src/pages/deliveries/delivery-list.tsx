import type {
  DeliveryCount,
  DeliveryList as Listed,
  DeliverySummary,
} from '@ghostpost/delivery/contract/delivery-log'
import { useLocation, useNavigate, useRouter } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { SkeletonRows, Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import styles from './delivery-list.module.css'
import { deliveryHead } from './delivery-table.tsx'
import { DeliveryRow } from './delivery-row.tsx'
import { changeSearch, type ListSearch } from './list-search.ts'
import { changeSelection, emptySelection, rowRange } from './row-selection.ts'
import { Selection } from './selection.tsx'
import { mergeRows } from './merge-rows.ts'
import { formatCount } from './format-count.ts'

interface DeliveryListProps {
  /** Identifies the search. A new key resets rows and selection. */
  searchKey: string
  list: Listed | undefined
  busy: boolean
  search: ListSearch
  count: DeliveryCount | undefined
}

/** One page of the log. Rows keep their position; new deliveries appear when the user presses a button. */
export function DeliveryList({ searchKey, list, busy, search, count }: DeliveryListProps) {
  const [shown, setShown] = useState<{ key: string; items: readonly DeliverySummary[] }>({
    key: '',
    items: [],
  })
  const [chosen, setChosen] = useState(emptySelection)
  const lastChosen = useRef<string | null>(null)
  if (list && !busy && shown.key !== searchKey) {
    setShown({ key: searchKey, items: list.items })
    setChosen(emptySelection)
  }
  const { rows, newerCount } = mergeRows(
    shown.items,
    shown.key === searchKey ? (list?.items ?? []) : shown.items,
  )
  const ids = rows.map(({ delivery }) => delivery.delivery_id)
  const isChosen = (id: string): boolean => chosen.kind === 'matching' || chosen.ids.has(id)
  const choose = (id: string, on: boolean, isRange: boolean): void => {
    const changedIds = isRange ? rowRange(ids, lastChosen.current, id) : [id]
    lastChosen.current = id
    setChosen((before) => changeSelection(before, ids, changedIds, on))
  }
  const all = ids.length > 0 && ids.every(isChosen)
  const chooseAll = (): void => setChosen({ kind: 'some', ids: new Set(all ? [] : ids) })
  const selectAll = <SelectAll all={all} isEmpty={ids.length === 0} toggle={chooseAll} />
  const order = search.sort === 'next_attempt' ? 'the next attempt first' : 'newest first'
  return (
    <div className={styles.list}>
      <Selection {...{ chosen, count, search }} allOnPage={all} pageSize={ids.length} choose={setChosen} />
      {newerCount > 0 && search.cursor === undefined && (
        <Button look="primary" onClick={() => setShown({ key: searchKey, items: list?.items ?? [] })}>
          {formatCount({ count: newerCount }, 'new delivery', 'new deliveries')} – show
        </Button>
      )}
      <Table caption={`Deliveries, ${order}`} head={deliveryHead} headCheckbox={selectAll} busy={busy}>
        {!list && <SkeletonRows columns={deliveryHead.length + 1} />}
        {rows.map(({ delivery, noLongerMatches }) => (
          <DeliveryRow
            key={delivery.delivery_id}
            delivery={delivery}
            noLongerMatches={noLongerMatches}
            select={{
              chosen: isChosen(delivery.delivery_id),
              choose: (on, isRange) => choose(delivery.delivery_id, on, isRange),
            }}
          />
        ))}
      </Table>
      {list && <Pages list={list} search={search} />}
    </div>
  )
}

function SelectAll({ all, isEmpty, toggle }: { all: boolean; isEmpty: boolean; toggle: () => void }) {
  return (
    <input
      type="checkbox"
      aria-label="Select all on this page"
      checked={all}
      disabled={isEmpty}
      onChange={toggle}
    />
  )
}

/** Pages use cursors, so that each costs the same at any depth. There are no page numbers to jump to. */
function Pages({ list, search }: { list: Listed; search: ListSearch }) {
  const navigate = useNavigate({ from: '/deliveries' })
  const router = useRouter()
  const page = Number(search.page ?? 1)
  const { next, searched_back_to: searchedBackTo } = list
  const { paged } = useLocation().state
  const older = (): void =>
    void navigate({
      search: { ...search, cursor: next ?? undefined, page: String(page + 1) },
      state: { paged: true },
    })
  return (
    <div className={styles.pages}>
      {searchedBackTo !== null && (
        <Notice tone="info">
          This filter matches rarely. The search went back to <Time at={searchedBackTo} />
          {next !== null && '; the next page continues from there'}.
        </Notice>
      )}
      <nav aria-label="Pages of the list" className={styles.pager}>
        <span>Page {page}</span>
        <Button
          refusal={page === 1 ? 'This is the newest page.' : null}
          onClick={() =>
            paged ? router.history.back() : void navigate({ search: changeSearch(search, {}) })
          }
        >
          {paged || page === 1 ? 'Newer' : 'Newest'}
        </Button>
        <Button refusal={next === null ? 'There are no older deliveries.' : null} onClick={older}>
          Older
        </Button>
      </nav>
    </div>
  )
}
