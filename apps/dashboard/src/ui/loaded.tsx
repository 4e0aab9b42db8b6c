import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ApiProblem } from '@ghostpost/client'
import styles from './loaded.module.css'
import { FailureNotice } from './failure-notice.tsx'
import { PageTitle } from './page-title.tsx'
import { StillLoading } from './still-loading.tsx'

interface LoadedProps<T> {
  query: UseQueryResult<T>
  /** Title of the page while the data loads. */
  title: string
  children: (data: T) => ReactNode
}

/** A page about one object: loading, loaded, not found or failed. Loaded data stays when a refetch fails. */
export function Loaded<T>({ query, title, children }: LoadedProps<T>) {
  const { data, error, refetch } = query
  const retry = (): void => void refetch()
  if (data === undefined && error) {
    const isGone = error instanceof ApiProblem && error.status === 404
    return (
      <>
        <PageTitle title={isGone ? `${title}: not found` : title} />
        <FailureNotice error={error} {...(!isGone && { retry })} />
        {isGone && (
          <p>
            It may have been pruned after its retention, or it belongs to a site in which you have no role.
          </p>
        )}
      </>
    )
  }
  if (data === undefined) {
    return (
      <div aria-busy="true" className={styles.waiting}>
        <PageTitle title={title} />
        <span className={styles.bone} />
        <span className={styles.bone} />
        <span className={styles.block} />
        <StillLoading />
      </div>
    )
  }
  return (
    <>
      {error && <FailureNotice error={error} retry={retry} />}
      {children(data)}
    </>
  )
}
