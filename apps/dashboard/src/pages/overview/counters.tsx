import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api } from '../../api.ts'
import { refreshed } from '../../live/live-state.ts'
import { filterOf, type ListSearch } from '../deliveries/list-search.ts'
import { tellNumber } from '../deliveries/tell-count.ts'
import styles from './overview-page.module.css'

const counters: readonly { name: string; span: string; search: ListSearch; tone?: 'bad' | 'warn' }[] = [
  { name: 'Delivered', span: 'last 24 hours', search: { status: 'delivered', range: '24h' } },
  { name: 'Failed for good', span: 'last 24 hours', search: { status: 'failed', range: '24h' }, tone: 'bad' },
  { name: 'Retrying', span: 'now', search: { status: 'retrying' }, tone: 'warn' },
  { name: 'Waiting or under way', span: 'now', search: { status: 'queued,delivering' } },
]

/** The state of the log in four numbers; each leads to what it counts. */
export function Counters({ siteId }: { siteId: number }) {
  return (
    <ul className={styles.counters}>
      {counters.map((counter) => (
        <Counter key={counter.name} siteId={siteId} {...counter} />
      ))}
    </ul>
  )
}

function Counter(props: {
  siteId: number
  name: string
  span: string
  search: ListSearch
  tone?: 'bad' | 'warn'
}) {
  const { siteId, name, span, search, tone } = props
  const count = useQuery({
    queryKey: ['deliveries', 'count', siteId, search],
    queryFn: () => api.countDeliveries(siteId, filterOf(search)),
    refetchInterval: refreshed,
  })
  const { data } = count
  const number = data ? `${tellNumber(data.count)}${data.capped ? '+' : ''}` : '–'
  const color = tone !== undefined && data && data.count > 0 ? styles[tone] : undefined
  return (
    <li>
      <Link to="/deliveries" search={search} className={styles.counter} aria-busy={count.isPending}>
        <span className={styles.name}>{name}</span>
        <span className={`${styles.number} ${color ?? ''}`}>{number}</span>
        <span className={styles.span}>{span}</span>
      </Link>
    </li>
  )
}
