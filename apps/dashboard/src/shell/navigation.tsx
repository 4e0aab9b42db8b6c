import { Link } from '@tanstack/react-router'
import { Icon, type IconName } from '../ui/icon.tsx'
import styles from './navigation.module.css'

interface NavItem {
  to:
    | '/'
    | '/deliveries'
    | '/failures'
    | '/operations'
    | '/visitors'
    | '/destinations'
    | '/alerts'
    | '/queues'
    | '/system'
    | '/activity'
    | '/accounts'
  label: string
  icon: IconName
  /** Opens the page when pressed after `g`. */
  key: string
}

export const navItems: readonly NavItem[] = [
  { to: '/', label: 'Overview', icon: 'overview', key: 'o' },
  { to: '/visitors', label: 'Visitors', icon: 'user', key: 'v' },
  { to: '/deliveries', label: 'Deliveries', icon: 'deliveries', key: 'd' },
  { to: '/failures', label: 'Failures', icon: 'failures', key: 'f' },
  { to: '/operations', label: 'Operations', icon: 'operations', key: 'p' },
  { to: '/destinations', label: 'Destinations', icon: 'destinations', key: 'e' },
  { to: '/alerts', label: 'Alerts', icon: 'alerts', key: 'l' },
  { to: '/queues', label: 'Queues', icon: 'queues', key: 'q' },
  { to: '/system', label: 'System', icon: 'system', key: 's' },
  { to: '/activity', label: 'Activity', icon: 'activity', key: 'a' },
  { to: '/accounts', label: 'Accounts', icon: 'user', key: 'm' },
]

export function Navigation() {
  return (
    <nav aria-label="Pages" className={styles.navigation}>
      <ul>
        {navItems.map(({ to, label, icon }) => (
          <li key={to}>
            <Link to={to} className={styles.link} activeOptions={{ exact: to === '/', includeSearch: false }}>
              <Icon name={icon} />
              <span>{label}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
