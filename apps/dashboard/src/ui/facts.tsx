import type { ReactNode } from 'react'
import styles from './facts.module.css'

/** Names and values, in columns on a wide screen. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className={styles.facts}>{children}</dl>
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={styles.row}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

Facts.Row = Row
