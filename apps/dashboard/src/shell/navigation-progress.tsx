import { useRouterState } from '@tanstack/react-router'
import { HiddenText } from '../ui/hidden-text.tsx'
import styles from './shell.module.css'

/** A bar while the next page loads. It appears after a moment, so that a fast page shows none. */
export function NavigationProgress() {
  const isLoading = useRouterState({ select: ({ status }) => status === 'pending' })
  return (
    <output className={styles.progress} data-loading={isLoading || undefined}>
      {isLoading && <HiddenText>Loading the page …</HiddenText>}
    </output>
  )
}
