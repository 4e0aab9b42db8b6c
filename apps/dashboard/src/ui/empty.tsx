import type { ReactNode } from 'react'
import styles from './empty.module.css'

/** Replaces an empty list: says that it is empty, and what to do. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={styles.empty}>
      <h2>{title}</h2>
      {children}
    </div>
  )
}
