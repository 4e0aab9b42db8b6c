import { searchOf } from '../../search-of.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { filterOf, type ListSearch } from './list-search.ts'

/** The view as a link for others, and as a call for programs: the page shows nothing that the API does not tell. */
export function ShareButtons({ search, siteId }: { search: ListSearch; siteId: number }) {
  const filter = filterOf(search)
  const link = `${location.origin}/ops/deliveries${searchOf({ site: siteId, ...filter })}`
  const call = `curl -sS '${location.origin}/api/deliveries${searchOf({ siteId, ...filter })}' --cookie "session=$GHOSTPOST_SESSION"`
  return (
    <>
      <CopyButton text={link} label="Copy link" />
      <CopyButton text={call} label="Copy as API call" />
    </>
  )
}
