import { useState } from 'react'
import { Dialog } from '../ui/dialog.tsx'
import { navItems } from './navigation.tsx'
import styles from './shortcuts.module.css'
import { singleKeysOn, switchSingleKeys } from './single-keys.ts'

type Keys = readonly (readonly [keys: readonly string[], means: string])[]

const keyGroups: readonly (readonly [title: string, keys: Keys])[] = [
  [
    'Anywhere',
    [
      [['/'], 'Search deliveries'],
      [['l'], 'Hold updates, or let them go on'],
      [['t'], 'Next theme'],
      [['?'], 'These shortcuts'],
      [['Esc'], 'Close what is open'],
    ],
  ],
  [
    'In lists',
    [
      [['j', 'k'], 'Next row, previous row'],
      [['Enter'], 'Open the row'],
      [['x'], 'Select the row'],
      [['Shift', 'x'], 'Select all from the last one on'],
      [['n'], 'New, where there can be'],
    ],
  ],
  [
    'On a page about one thing',
    [
      [['r'], 'Resend or replay it'],
      [['e'], 'Edit it'],
      [['[', ']'], 'Previous attempt, next attempt'],
    ],
  ],
]

export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const [isOn, setOn] = useState(singleKeysOn)
  const toggle = (): void => {
    switchSingleKeys(!isOn)
    setOn(!isOn)
  }
  const goKeys: Keys = navItems.map(({ key, label }) => [['g', key], label])
  return (
    <Dialog title="Keyboard shortcuts" wide onClose={onClose}>
      <div className={styles.parts}>
        {[['Go to', goKeys] as const, ...keyGroups].map(([title, keys]) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl className={styles.list}>
              {keys.map(([keyNames, meaning]) => (
                <div key={meaning}>
                  <dt>
                    {keyNames.map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dt>
                  <dd>{meaning}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <label className={styles.switch}>
        <input type="checkbox" checked={isOn} onChange={toggle} />
        <span>Single keys do these things. Without, only ? does.</span>
      </label>
    </Dialog>
  )
}
