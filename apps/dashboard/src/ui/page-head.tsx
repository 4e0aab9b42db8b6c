import type { ReactNode } from 'react'
import styles from './page-head.module.css'
import { PageTitle } from './page-title.tsx'

/** The head of a page: breadcrumb, title and actions. */
export function PageHead(props: {
  title: string
  heading?: ReactNode
  above?: ReactNode
  children?: ReactNode
}) {
  const { title, heading, above, children } = props
  return (
    <div className={styles.head}>
      <div className={styles.names}>
        {above && <div className={styles.above}>{above}</div>}
        <PageTitle title={title}>{heading}</PageTitle>
      </div>
      {children && <div className={styles.actions}>{children}</div>}
    </div>
  )
}
