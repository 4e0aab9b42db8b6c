import type { ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'
import styles from './notice.module.css'

export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'idle'

const icons: Record<Tone, IconName> = { good: 'check', warn: 'warn', bad: 'bad', info: 'info', idle: 'info' }

/** A message that stays while it is true. Screen readers announce errors immediately and the rest politely. */
export function Notice({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <div className={`${styles.notice} ${styles[tone] ?? ''}`} role={tone === 'bad' ? 'alert' : 'status'}>
      <Icon name={icons[tone]} />
      <div className={styles.body}>{children}</div>
    </div>
  )
}
