import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import styles from './overview-page.module.css'
import { summarizeProblems, type Problem } from './problems.ts'

const shownMax = 5

/** The site's problems in words, each with a link to the page that solves it. */
export function ProblemSummary({
  problems,
  successText,
}: {
  problems: readonly Problem[]
  successText: string
}) {
  const [isOpen, setOpen] = useState(false)
  const shown = isOpen ? problems : problems.slice(0, shownMax)
  const tone =
    problems.length === 0 ? styles.good : problems.some(({ isSevere }) => isSevere) ? styles.bad : styles.warn
  return (
    <section className={`${styles.summary} ${tone ?? ''}`} aria-label="Problems">
      <output className={styles.words}>
        <Icon name={problems.length === 0 ? 'check' : 'warn'} />
        <span>
          {summarizeProblems(problems)} <span className={styles.success}>{successText}</span>
        </span>
      </output>
      {problems.length > 0 && (
        <ul>
          {shown.map((problem) => (
            <li key={problem.text}>
              <ProblemLink problem={problem} />
            </li>
          ))}
          {problems.length > shownMax && (
            <li>
              <Button look="quiet" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
                {isOpen ? 'Show fewer' : `Show ${problems.length - shownMax} more`}
              </Button>
            </li>
          )}
        </ul>
      )}
    </section>
  )
}

function ProblemLink({ problem: { to, param, text } }: { problem: Problem }) {
  if (to === '/queues' || to === '/system') return <Link to={to}>{text}</Link>
  if (to === '/failures/$fingerprint')
    return (
      <Link to={to} params={{ fingerprint: param }}>
        {text}
      </Link>
    )
  return (
    <Link to={to} params={{ id: param }}>
      {text}
    </Link>
  )
}
