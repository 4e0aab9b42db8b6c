import { deliveryFilters } from '@ghostpost/client'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState, type SubmitEvent } from 'react'
import { api } from '../../api.ts'
import { useSite } from '../../session/session.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { destinationTypeLabels } from '../../ui/destination-types.ts'
import { deliveryLooks } from '../../ui/status.tsx'
import { formText } from '../../ui/form-text.ts'
import styles from './filter-bar.module.css'
import { FilterDialog } from './filter-dialog.tsx'
import { ViewChoice } from './view-choice.tsx'
import { isFiltered, parseSearchTerm, type ListSearch } from './list-search.ts'

const rangeNames = { '1h': 'Last hour', '24h': 'Last 24 hours', '7d': 'Last 7 days', '30d': 'Last 30 days' }
const statusNames = {
  ...Object.fromEntries(Object.entries(deliveryLooks).map(([status, { text }]) => [status, text])),
  'queued,retrying': 'Waiting',
  'failed,retrying': 'Failed or retrying',
}
const dueNames = { '1m': 'Within a minute', '10m': 'Within 10 minutes', '1h': 'Within an hour' }
const sortNames = { next_attempt: 'Next attempt first' }
const responses = {
  '2xx': '2xx',
  '3xx': '3xx',
  '4xx': '4xx',
  '5xx': '5xx',
  '401': '401',
  '403': '403',
  '404': '404',
  '410': '410',
  '422': '422',
  '429': '429',
  '500': '500',
  '503': '503',
}

/** Filters with a choice of values. Only a link or the search field can set the others. */
const choosable = ['status', 'webhook_type', 'destination_id', 'response_status'] as const
type FilterName = keyof typeof deliveryFilters
const filterNames = Object.keys(deliveryFilters) as FilterName[]
const linkOnlyFilters = filterNames.filter((name) => !choosable.some((one) => one === name))

interface FilterBarProps {
  search: ListSearch
  change: (changes: ListSearch) => void
  clear: () => void
  /** Replaces the search. */
  show: (search: ListSearch) => void
}

export function FilterBar({ search, change, clear, show }: FilterBarProps) {
  const { id } = useSite()
  const [isOpen, setOpen] = useState(false)
  const destinations = useQuery({ queryKey: ['destinations', id], queryFn: () => api.listDestinations(id) })
  const destinationNames = Object.fromEntries(
    (destinations.data?.items ?? []).map((one) => [one.id, one.name]),
  )
  const options: Record<(typeof choosable)[number], Readonly<Record<string, string>>> = {
    status: statusNames,
    webhook_type: destinationTypeLabels,
    destination_id: destinationNames,
    response_status: responses,
  }
  return (
    <search className={styles.bar} aria-label="Deliveries">
      <SearchField change={change} />
      {choosable.map((part) => (
        <Choice
          key={part}
          label={deliveryFilters[part].label}
          value={search[part]}
          options={options[part]}
          choose={(value) => change({ [part]: value })}
        />
      ))}
      <Choice label="Time" value={search.range} options={rangeNames} choose={(range) => change({ range })} />
      <Choice label="Due" value={search.due} options={dueNames} choose={(due) => change({ due })} />
      <Choice label="Order" value={search.sort} options={sortNames} choose={(sort) => change({ sort })} />
      <Button aria-haspopup="dialog" onClick={() => setOpen(true)}>
        More filters …
      </Button>
      {isOpen && <FilterDialog search={search} change={change} onClose={() => setOpen(false)} />}
      {linkOnlyFilters.map((part) => {
        const value = search[part]
        const { label } = deliveryFilters[part]
        return value === undefined ? null : (
          <span key={part} className={styles.chip}>
            <span>
              {label}: <b>{value}</b>
            </span>
            <button
              type="button"
              aria-label={`Remove ${label}: ${value}`}
              onClick={() => change({ [part]: undefined })}
            >
              <Icon name="close" />
            </button>
          </span>
        )
      })}
      {isFiltered(search) && (
        <Button look="quiet" onClick={clear}>
          Clear all
        </Button>
      )}
      <ViewChoice key={id} siteId={id} search={search} show={show} />
    </search>
  )
}

const searchLabel = 'Lead’s e-mail or name, or an id'

function SearchField({ change }: { change: (changes: ListSearch) => void }) {
  const navigate = useNavigate()
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const searchTarget = parseSearchTerm(formText(new FormData(event.currentTarget), 'searchTerm'))
    if (!searchTarget) return
    event.currentTarget.reset()
    if ('delivery' in searchTarget)
      void navigate({ to: '/deliveries/$id', params: { id: searchTarget.delivery } })
    else change({ ghost_vid: undefined, identified_user: undefined, text: undefined, ...searchTarget })
  }
  return (
    <form className={styles.search} onSubmit={submit}>
      <Icon name="search" />
      <input
        type="search"
        name="searchTerm"
        aria-label={searchLabel}
        placeholder={searchLabel}
        maxLength={320}
        autoComplete="off"
      />
    </form>
  )
}

function Choice(props: {
  label: string
  value: string | undefined
  options: Readonly<Record<string, string>>
  choose: (value: string | undefined) => void
}) {
  const { label, value = '', options, choose } = props
  return (
    <select
      aria-label={label}
      className={value === '' ? styles.choice : `${styles.choice} ${styles.chosen}`}
      value={value}
      onChange={(event) => choose(event.target.value || undefined)}
    >
      <option value="">{label === 'Order' ? 'Order: newest first' : `${label}: any`}</option>
      {Object.entries(options).map(([option, text]) => (
        <option key={option} value={option}>
          {text}
        </option>
      ))}
      {value !== '' && !(value in options) && <option value={value}>{value.replaceAll(',', ', ')}</option>}
    </select>
  )
}
