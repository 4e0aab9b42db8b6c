import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api } from '../../api.ts'
import { selectionPartsOf, labelFor, type SelectionPart } from './format-selection.ts'

/** The filter of an operation, with links. */
export function SelectionParts({
  selection,
  siteId,
}: {
  selection: Readonly<Record<string, unknown>>
  siteId: number
}) {
  return selectionPartsOf(selection).map((part, index) => (
    <span key={part.name}>
      {index > 0 && ' · '}
      {labelFor(part.name)}: <Value part={part} siteId={siteId} />
    </span>
  ))
}

function Value({ part: { name, value }, siteId }: { part: SelectionPart; siteId: number }) {
  const short = value.length > 20 ? `${value.slice(0, 13)}…` : value
  if (name === 'destination_id') return <DestinationName id={value} siteId={siteId} />
  if (name === 'failure')
    return (
      <Link to="/failures/$fingerprint" params={{ fingerprint: value }}>
        {short}
      </Link>
    )
  if (name === 'operation_id')
    return (
      <Link to="/operations/$id" params={{ id: value }}>
        {short}
      </Link>
    )
  if (name === 'ghost_vid')
    return (
      <Link to="/visitors/$vid" params={{ vid: value }}>
        {value}
      </Link>
    )
  return <b>{value}</b>
}

function DestinationName({ id, siteId }: { id: string; siteId: number }) {
  const destinations = useQuery({
    queryKey: ['destinations', siteId],
    queryFn: () => api.listDestinations(siteId),
  })
  const name = destinations.data?.items.find((one) => one.id === id)?.name
  return (
    <Link to="/destinations/$id" params={{ id }}>
      {name ?? `${id.slice(0, 13)}…`}
    </Link>
  )
}
