import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Icon } from '../../ui/icon.tsx'
import { exportCommand } from './export-command.ts'
import styles from './overview-page.module.css'

/** What to do first in a site without deliveries. */
export function FirstSteps({ destinations }: { destinations: number }) {
  const command = exportCommand(location.origin)
  return (
    <Empty title="Nothing has been sent yet">
      <ol className={styles.steps}>
        <Step isDone={destinations > 0}>
          <Link to="/destinations">Save a destination</Link>: its URL, secrets and limits.
        </Step>
        <Step isDone={false}>Send a test from the destination’s page. It exports a sample visitor.</Step>
        <Step isDone={false}>
          Export a visitor from <Link to="/visitors">its page</Link>, or with this command:
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
