import { useState } from 'react'
import { Button } from './button.tsx'
import styles from './copy-button.module.css'
import { HiddenText } from './hidden-text.tsx'
import { Icon } from './icon.tsx'

const feedbackMs = 2_000

/** Puts text on the clipboard and says so. */
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
    const done = await navigator.clipboard.writeText(text).then(
      () => 'Copied',
      () => 'The browser forbids copying here',
    )
    setFeedback(done)
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
