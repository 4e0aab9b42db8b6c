import { Link } from '@tanstack/react-router'
import { Icon } from '../../ui/icon.tsx'
import styles from './overview-page.module.css'
import { verdictOf, type Problem } from './verdict.ts'

const shownMax = 5

/** What an operator has to know within five seconds, in words, each clause leading to where it is dealt with. */
export function VerdictLine({ problems, arrival }: { problems: readonly Problem[]; arrival: string }) {
  const tone =
    problems.length === 0 ? styles.good : problems.some(({ grave }) => grave) ? styles.bad : styles.warn
  return (
    <section className={`${styles.verdict} ${tone ?? ''}`} aria-label="Verdict">
      <output className={styles.words}>
        <Icon name={problems.length === 0 ? 'check' : 'warn'} />
        <span>
          {verdictOf(problems)} <span className={styles.arrival}>{arrival}</span>
        </span>
      </output>
      {problems.length > 0 && (
        <ul>
          {problems.slice(0, shownMax).map((problem) => (
            <li key={problem.text}>
              <ProblemLink problem={problem} />
            </li>
          ))}
          {problems.length > shownMax && (
            <li>
              <Link to="/failures">… and {problems.length - shownMax} more</Link>
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
