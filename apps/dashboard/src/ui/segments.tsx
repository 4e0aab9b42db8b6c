import styles from './segments.module.css'

interface SegmentsProps {
  label: string
  value: string
  options: readonly { value: string; label: string }[]
  choose: (value: string) => void
}

/** A choice between a few visible options. */
export function Segments({ label, value, options, choose }: SegmentsProps) {
  return (
    <fieldset aria-label={label} className={styles.segments}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => choose(option.value)}
        >
          {option.label}
        </button>
      ))}
    </fieldset>
  )
}
