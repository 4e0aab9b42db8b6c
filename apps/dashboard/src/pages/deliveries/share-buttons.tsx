import { useState } from 'react'
import { searchOf } from '../../search-of.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { filterOf, type ListSearch } from './list-search.ts'

/** Copies the view as a link, or as a call to the API, which serves the same data. */
export function ShareButtons({ search, siteId }: { search: ListSearch; siteId: number }) {
  const filter = filterOf(search)
  // A frozen view: what is created or becomes due later is not in it.
  const [openedAt] = useState(() => new Date().toISOString())
  const frozen = { to: openedAt, ...filter }
  const link = `${location.origin}/ops/deliveries${searchOf({ site: siteId, ...frozen })}`
  const url = `${location.origin}/api/deliveries${searchOf({ siteId, ...filter })}`
  const call = `curl -sS '${url}' --cookie "session=$GHOSTPOST_SESSION"`
  return (
    <>
      <CopyButton text={link} label="Copy link" />
      <CopyButton text={call} label="Copy as API call" />
    </>
  )
}
