import { Button } from '../../ui/button.tsx'
import { formText } from '../../ui/form-text.ts'
import { Icon } from '../../ui/icon.tsx'
import styles from '../deliveries/filter-bar.module.css'
import { parseVisitorSearch, periodNames, type VisitorSearch } from './visitor-search.ts'

interface VisitorFiltersProps {
  search: VisitorSearch
  change: (search: VisitorSearch) => void
}

const searchLabel = 'Name, company, e-mail or id'
const scores = ['10', '25', '50', '75', '90']

export function VisitorFilters({ search, change }: VisitorFiltersProps) {
  return (
    <search className={styles.bar} aria-label="Visitors">
      <form
        className={styles.search}
        onSubmit={(event) => {
          event.preventDefault()
          const text = formText(new FormData(event.currentTarget), 'text')
          change(parseVisitorSearch({ ...search, text }))
        }}
      >
        <Icon name="search" />
        <input
          key={search.text}
          type="search"
          name="text"
          aria-label={searchLabel}
          placeholder={searchLabel}
          defaultValue={search.text}
          maxLength={200}
          autoComplete="off"
        />
      </form>
      <select
        aria-label="Score"
        className={styles.choice}
        value={search.score ?? ''}
        onChange={({ target }) => change(parseVisitorSearch({ ...search, score: target.value }))}
      >
        <option value="">Score: any</option>
        {scores.map((score) => (
          <option key={score} value={score}>
            at least {score}
          </option>
        ))}
      </select>
      <select
        aria-label="Seen"
        className={styles.choice}
        value={search.seen ?? ''}
        onChange={({ target }) => change(parseVisitorSearch({ ...search, seen: target.value }))}
      >
        <option value="">Seen: any time</option>
        {Object.entries(periodNames).map(([period, name]) => (
          <option key={period} value={period}>
            in {name}
          </option>
        ))}
      </select>
      {Object.keys(search).length > 0 && (
        <Button look="quiet" onClick={() => change({})}>
          Clear all
        </Button>
      )}
    </search>
  )
}
