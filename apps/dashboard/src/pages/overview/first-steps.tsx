import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Icon } from '../../ui/icon.tsx'
import { exportCommand } from './export-command.ts'
import styles from './overview-page.module.css'

/** In a site from which nothing was sent yet: what to do first. */
export function FirstSteps({ destinations }: { destinations: number }) {
  const command = exportCommand(location.origin)
  return (
    <Empty title="Nothing has been sent yet">
      <ol className={styles.steps}>
        <Step isDone={destinations > 0}>
          <Link to="/destinations">Save a destination</Link>: where leads go, with its secrets and limits.
        </Step>
        <Step isDone={false}>
          Send it a test from its page: a marked sample, the very same way as an export.
        </Step>
        <Step isDone={false}>
          Export a visitor, from <Link to="/deliveries">their page</Link> or with a program:
          <pre tabIndex={0} aria-label="The command">
            <code>{command}</code>
          </pre>
          <CopyButton text={command} label="Copy the command" />
        </Step>
      </ol>
    </Empty>
  )
}

function Step({ isDone, children }: { isDone: boolean; children: ReactNode }) {
  return (
    <li>
      {isDone && (
        <span className={styles.done}>
          <Icon name="check" /> Done.
        </span>
      )}{' '}
      {children}
    </li>
  )
}
