import { useState } from 'react'
import { Button } from './button.tsx'
import styles from './copy-button.module.css'
import { HiddenText } from './hidden-text.tsx'
import { Icon } from './icon.tsx'

const feedbackMs = 2_000

/** Copies text to the clipboard and confirms it. */
export function CopyButton({
  text,
  label,
  compact = false,
}: {
  text: string
  label: string
  compact?: boolean
}) {
  const [feedback, setFeedback] = useState('')
  const copy = async (): Promise<void> => {
    const result = await navigator.clipboard.writeText(text).then(
      () => 'Copied',
      () => 'The browser does not allow copying',
    )
    setFeedback(result)
    setTimeout(() => setFeedback(''), feedbackMs)
  }
  return (
    <>
      <Button
        look={compact ? 'quiet' : 'plain'}
        className={compact ? styles.compact : undefined}
        aria-label={compact ? label : undefined}
        onClick={() => void copy()}
      >
        <Icon name={feedback === 'Copied' ? 'check' : 'copy'} />
        {!compact && (feedback || label)}
      </Button>
      <HiddenText>
        <output>{feedback}</output>
      </HiddenText>
    </>
  )
}
