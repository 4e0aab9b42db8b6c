import type { ReactNode } from 'react'
import styles from './hidden-text.module.css'

/** Text for screen readers only. */
export function HiddenText({ id, children }: { id?: string; children: ReactNode }) {
  return (
    <span id={id} className={styles.hidden}>
      {children}
    </span>
  )
}
