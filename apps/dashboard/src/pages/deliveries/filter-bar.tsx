import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { SubmitEvent } from 'react'
import { api } from '../../api.ts'
import { useSite } from '../../session/session.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { destinationTypeLabels } from '../../ui/destination-types.ts'
import { deliveryLooks } from '../../ui/status.tsx'
import { formText } from '../../ui/form-text.ts'
import styles from './filter-bar.module.css'
import { isFiltered, parseSearchTerm, type ListSearch } from './list-search.ts'

const rangeNames = { '1h': 'Last hour', '24h': 'Last 24 hours', '7d': 'Last 7 days', '30d': 'Last 30 days' }
const statusNames = Object.fromEntries(
  Object.entries(deliveryLooks).map(([status, { text }]) => [status, text]),
)
const responses = {
  '2xx': '2xx',
  '3xx': '3xx',
  '4xx': '4xx',
  '5xx': '5xx',
  '404': '404',
  '410': '410',
  '429': '429',
}

/** Filters that only a link or the search field can set, with their labels. */
const linkOnlyParams = {
  ghost_vid: 'Visitor',
  identified_user: 'Lead',
  text: 'Words',
  receiver: 'Receiver',
  cause: 'Cause',
  failure: 'Failure group',
  operation_id: 'Operation',
  from: 'From',
  to: 'Until',
} as const

interface FilterBarProps {
  search: ListSearch
  change: (changes: ListSearch) => void
  clear: () => void
}

export function FilterBar({ search, change, clear }: FilterBarProps) {
  const { id } = useSite()
  const destinations = useQuery({ queryKey: ['destinations', id], queryFn: () => api.listDestinations(id) })
  const destinationNames = Object.fromEntries(
    (destinations.data?.items ?? []).map((one) => [one.id, one.name]),
  )
  const choices = [
    ['Status', 'status', statusNames],
    ['Type', 'webhook_type', destinationTypeLabels],
    ['Destination', 'destination_id', destinationNames],
    ['Response', 'response_status', responses],
    ['Time', 'range', rangeNames],
  ] as const
  return (
    <search className={styles.bar} aria-label="Deliveries">
      <SearchField change={change} />
      {choices.map(([label, part, options]) => (
        <Choice
          key={part}
          label={label}
          value={search[part]}
          options={options}
          choose={(value) => change({ [part]: value })}
        />
      ))}
      {Object.entries(linkOnlyParams).map(([part, label]) => {
        const value = search[part as keyof typeof linkOnlyParams]
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
      <option value="">{label}: any</option>
      {Object.entries(options).map(([option, text]) => (
        <option key={option} value={option}>
          {text}
        </option>
      ))}
      {value !== '' && !(value in options) && <option value={value}>{value.replaceAll(',', ', ')}</option>}
    </select>
  )
}
