import type { ReactNode } from 'react'
import styles from './empty.module.css'

/** In place of a list that has nothing in it: that it has not, and what to do. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={styles.empty}>
      <h2>{title}</h2>
      {children}
    </div>
  )
}
