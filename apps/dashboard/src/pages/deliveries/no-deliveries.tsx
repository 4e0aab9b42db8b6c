import { Link } from '@tanstack/react-router'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { exportCommand } from '../overview/export-command.ts'
import type { ListSearch } from './list-search.ts'

interface NoDeliveriesProps {
  search: ListSearch
  isFiltered: boolean
  change: (changes: ListSearch) => void
  clear: () => void
}

export function NoDeliveries({ search, isFiltered, change, clear }: NoDeliveriesProps) {
  if (!isFiltered) return <FirstDelivery />
  const searched = search.text ?? search.identified_user ?? search.ghost_vid
  return (
    <Empty title="No matching deliveries">
      <p>No delivery of this site matches the whole filter{search.range && ' in this time range'}.</p>
      {searched !== undefined && (
        <p>
          A visitor who was never exported has no delivery.{' '}
          <Link to="/visitors" search={{ text: searched }}>
            Look among the visitors
          </Link>
        </p>
      )}
      <div>
        <Button look="primary" onClick={clear}>
          Clear the filter
        </Button>{' '}
        {search.range !== undefined && search.range !== '30d' && (
          <Button onClick={() => change({ range: '30d' })}>Search the last 30 days</Button>
        )}
      </div>
    </Empty>
  )
}

function FirstDelivery() {
  const command = exportCommand(location.origin)
  return (
    <Empty title="Nothing has been sent yet">
      <p>
        Every export of a visitor appears here. This command exports a visitor; GHOSTPOST_SESSION is a session
        token:
      </p>
      <pre tabIndex={0} aria-label="The command">
        <code>{command}</code>
      </pre>
      <CopyButton text={command} label="Copy the command" />
    </Empty>
  )
}
