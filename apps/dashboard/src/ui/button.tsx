import { useId, type ButtonHTMLAttributes, type ReactNode } from 'react'
import styles from './button.module.css'
import { HiddenText } from './hidden-text.tsx'

export type ButtonLook = 'plain' | 'primary' | 'danger' | 'quiet'

interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'disabled'> {
  look?: ButtonLook
  /** Why the button is disabled; it stays focusable, so that users can read the reason. */
  refusal?: string | null
  busy?: boolean
  children: ReactNode
}

export function Button({
  look = 'plain',
  refusal = null,
  busy = false,
  children,
  onClick,
  ...rest
}: ButtonProps) {
  const reasonId = useId()
  const off = refusal !== null || busy
  return (
    <>
      <button
        type="button"
        {...rest}
        className={`${styles.button} ${styles[look] ?? ''} ${rest.className ?? ''}`}
        aria-disabled={off || undefined}
        aria-describedby={refusal === null ? rest['aria-describedby'] : reasonId}
        title={refusal ?? rest.title}
        onClick={(event) => (off ? event.preventDefault() : onClick?.(event))}
      >
        {children}
      </button>
      {refusal !== null && <HiddenText id={reasonId}>{refusal}</HiddenText>}
    </>
  )
}

/** Class that makes a link look like a button. */
export function buttonClass(look: ButtonLook = 'plain'): string {
  return `${styles.button} ${styles[look] ?? ''}`
}
