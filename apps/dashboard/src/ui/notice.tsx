import type { ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'
import styles from './notice.module.css'

export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'idle'

const icons: Record<Tone, IconName> = { good: 'check', warn: 'warn', bad: 'bad', info: 'info', idle: 'info' }

/** A sentence that stays until what it says is no longer so. Bad news is announced at once, the rest when there is time. */
export function Notice({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <div className={`${styles.notice} ${styles[tone] ?? ''}`} role={tone === 'bad' ? 'alert' : 'status'}>
      <Icon name={icons[tone]} />
      <div className={styles.body}>{children}</div>
    </div>
  )
}
