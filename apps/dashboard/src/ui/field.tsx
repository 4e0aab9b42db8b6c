import { useId, type ReactNode } from 'react'
import styles from './field.module.css'

interface FieldProps {
  label: string
  hint?: string
  id?: string
  children: (id: string, hintId: string | undefined) => ReactNode
}

/** A labelled control. The child function gets the ids for the control and its `aria-describedby`. */
export function Field({ label, hint, id, children }: FieldProps) {
  const own = useId()
  const hintId = useId()
  return (
    <div className={styles.field}>
      <label htmlFor={id ?? own}>{label}</label>
      {children(id ?? own, hint === undefined ? undefined : hintId)}
      {hint !== undefined && (
        <p id={hintId} className={styles.hint}>
          {hint}
        </p>
      )}
    </div>
  )
}
