import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useLocation, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../../api.ts'
import { useRefusal, useSite } from '../../session/session.ts'
import { liveRefetchInterval } from '../../live/live-state.ts'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { DownloadLink } from '../../ui/download-link.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { searchOf } from '../../search-of.ts'
import { DeliveryList } from './delivery-list.tsx'
import { FilterBar } from './filter-bar.tsx'
import {
  droppedParams,
  filterOf,
  isFiltered,
  listQueryOf,
  changeSearch,
  parseListSearch,
  type ListSearch,
} from './list-search.ts'
import { NoDeliveries } from './no-deliveries.tsx'
import { ShareButtons } from './share-buttons.tsx'
import { formatCount } from './format-count.ts'

export function DeliveriesPage() {
  // The router also passes parameters that it could not validate.
  const search = parseListSearch(useSearch({ from: '/shell/deliveries' }))
  const navigate = useNavigate({ from: '/deliveries' })
  const site = useSite()
  const refusal = useRefusal('operator')
  const { cursor: _cursor, page: _page, ...filter } = search
  const list = useQuery({
    queryKey: ['deliveries', site.id, search],
    queryFn: () => api.listDeliveries(site.id, listQueryOf(search)),
    refetchInterval: liveRefetchInterval,
    placeholderData: keepPreviousData,
  })
  const count = useQuery({
    queryKey: ['deliveries', 'count', site.id, filter],
    queryFn: () => api.countDeliveries(site.id, filterOf(search)),
    refetchInterval: liveRefetchInterval,
  })
  const change = (changes: ListSearch): void => void navigate({ search: changeSearch(search, changes) })
  const clear = (): void => void navigate({ search: {} })
  const csv = `/api/deliveries/export${searchOf({ ...filterOf(search), siteId: site.id })}`
  const isEmpty = list.data?.items.length === 0 && list.data.next === null && search.cursor === undefined
  return (
    <>
      <PageHead title="Deliveries">
        <output>{count.data && formatCount(count.data)}</output>
        <ShareButtons search={search} siteId={site.id} />
        <DownloadLink href={csv} refusal={refusal}>
          CSV
        </DownloadLink>
      </PageHead>
      <FilterBar
        search={search}
        change={change}
        clear={clear}
        show={(next) => void navigate({ search: next })}
      />
      <DroppedNotice />
      {list.error && <FailureNotice error={list.error} retry={() => void list.refetch()} />}
      {isEmpty && (
        <NoDeliveries search={search} isFiltered={isFiltered(search)} change={change} clear={clear} />
      )}
      {!isEmpty && !(list.error && !list.data) && (
        <DeliveryList
          searchKey={JSON.stringify([site.id, search])}
          list={list.data}
          busy={list.isPending || list.isPlaceholderData}
          search={search}
          count={count.data}
        />
      )}
    </>
  )
}

/** Names the invalid parameters of the address. The list ignores them instead of failing. */
function DroppedNotice() {
  const { search } = useLocation()
  const [dropped] = useState(() => droppedParams(search))
  if (dropped.length === 0) return null
  return (
    <Notice tone="warn">
      The list ignores unknown or invalid parameters of this address: <code>{dropped.join(', ')}</code>
    </Notice>
  )
}
