import type { OperationView } from '@ghostpost/delivery/contract/operations'
import styles from './operation-page.module.css'

/** The progress as a bar and as a percentage. */
export function Progress({ operation }: { operation: Pick<OperationView, 'progress'> }) {
  const percent = Math.floor(operation.progress * 100)
  return (
    <span className={styles.progress}>
      <progress max={1} value={operation.progress} aria-label="Progress">
        {percent} %
      </progress>
      <span>{percent} %</span>
    </span>
  )
}
