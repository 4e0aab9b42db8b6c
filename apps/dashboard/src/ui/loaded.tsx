import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ApiProblem } from '@ghostpost/client'
import styles from './loaded.module.css'
import { FailureNotice } from './failure-notice.tsx'
import { PageTitle } from './page-title.tsx'
import { StillLoading } from './still-loading.tsx'

interface LoadedProps<T> {
  query: UseQueryResult<T>
  /** Of the page, until it is known what it is about. */
  title: string
  children: (data: T) => ReactNode
}

/** A page about one thing: loading, there, gone or failed. What was read before stays when asking again fails. */
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
            It may have been removed when its time to be kept was over, or belong to a site you have no role
            in.
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
