import type { VisitorSummary } from '@ghostpost/delivery/contract/visitor'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../../api.ts'
import { useSite } from '../../session/session.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { cell, SkeletonRows, Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { formatNumber } from '../deliveries/format-count.ts'
import { VisitorFilters } from './visitor-filters.tsx'
import { VisitorSelection } from './visitor-selection.tsx'
import { visitorQueryOf, type VisitorSearch } from './visitor-search.ts'

const head = [
  { label: 'Visitor' },
  { label: 'Company' },
  { label: 'Country' },
  { label: 'Score', numeric: true },
  { label: 'Sessions', numeric: true },
  { label: 'Last seen' },
]

/** The visitors of the site, the one seen last first: search, and export of some or of all that match. */
export function VisitorsPage() {
  const search = useSearch({ from: '/shell/visitors' })
  const { id: siteId } = useSite()
  const navigate = useNavigate({ from: '/visitors' })
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const visitors = useInfiniteQuery({
    queryKey: ['visitors', siteId, search],
    queryFn: ({ pageParam }) => api.listVisitors(siteId, { ...visitorQueryOf(search), cursor: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor: next }) => next ?? undefined,
  })
  const items = visitors.data?.pages.flatMap((page) => page.items)
  const change = (next: VisitorSearch): void => {
    setChosen(new Set())
    void navigate({ search: next })
  }
  const choose = (vid: string, on: boolean): void =>
    setChosen((before) => new Set(on ? [...before, vid] : [...before].filter((one) => one !== vid)))
  return (
    <>
      <PageHead title="Visitors" />
      <VisitorFilters search={search} change={change} />
      <VisitorSelection siteId={siteId} search={search} chosen={chosen} clear={() => setChosen(new Set())} />
      {visitors.error && <FailureNotice error={visitors.error} retry={() => void visitors.refetch()} />}
      {items?.length === 0 ? (
        <NoVisitors isFiltered={Object.keys(search).length > 0} clear={() => change({})} />
      ) : (
        <Table
          caption="Visitors, the one seen last first"
          head={head}
          headCheckbox={<SelectAll items={items ?? []} chosen={chosen} choose={setChosen} />}
          busy={visitors.isPending}
        >
          {!items && !visitors.error && <SkeletonRows columns={head.length + 1} />}
          {items?.map((visitor) => (
            <VisitorRow
              key={visitor.ghost_vid}
              visitor={visitor}
              isChosen={chosen.has(visitor.ghost_vid)}
              choose={(on) => choose(visitor.ghost_vid, on)}
            />
          ))}
        </Table>
      )}
      {visitors.hasNextPage && (
        <div>
          <Button busy={visitors.isFetchingNextPage} onClick={() => void visitors.fetchNextPage()}>
            Show more visitors
          </Button>
        </div>
      )}
    </>
  )
}

function SelectAll(props: {
  items: readonly VisitorSummary[]
  chosen: ReadonlySet<string>
  choose: (chosen: ReadonlySet<string>) => void
}) {
  const { items, chosen, choose } = props
  const isAll = items.length > 0 && items.every(({ ghost_vid: vid }) => chosen.has(vid))
  return (
    <input
      type="checkbox"
      aria-label="Select all shown visitors"
      checked={isAll}
      disabled={items.length === 0}
      onChange={() => choose(new Set(isAll ? [] : items.map(({ ghost_vid: vid }) => vid)))}
    />
  )
}

function VisitorRow(props: { visitor: VisitorSummary; isChosen: boolean; choose: (on: boolean) => void }) {
  const { visitor, isChosen, choose } = props
  const { ghost_vid: vid, identified_user_id: user, name } = visitor
  const title = name ?? user ?? vid
  return (
    <tr className={isChosen ? cell.selected : undefined}>
      <td className={cell.check}>
        <input
          type="checkbox"
          aria-label={`Select ${title}`}
          checked={isChosen}
          onChange={({ target }) => choose(target.checked)}
        />
      </td>
      <th scope="row">
        <Link to="/visitors/$vid" params={{ vid }}>
          {title}
        </Link>
        <span className={cell.sub}>{user !== null && user !== title ? user : <code>{vid}</code>}</span>
      </th>
      <td>{visitor.company ?? <span className={cell.soft}>–</span>}</td>
      <td>{visitor.country ?? <span className={cell.soft}>–</span>}</td>
      <td className={cell.numeric}>{visitor.score}</td>
      <td className={cell.numeric}>{formatNumber(visitor.total_sessions)}</td>
      <td className={cell.nowrap}>
        <Time at={visitor.last_seen} distance="only" />
      </td>
    </tr>
  )
}

function NoVisitors({ isFiltered, clear }: { isFiltered: boolean; clear: () => void }) {
  if (!isFiltered)
    return (
      <Empty title="No visitors yet">
        <p>Store visitors with the API, the command line or SQL. They appear here at once.</p>
      </Empty>
    )
  return (
    <Empty title="No matching visitors">
      <p>Each word must begin a word of the name, the company or an id; an e-mail address must be whole.</p>
      <div>
        <Button look="primary" onClick={clear}>
          Clear the filter
        </Button>
      </div>
    </Empty>
  )
}
