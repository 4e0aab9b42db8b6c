import { useState } from 'react'
import { Dialog } from '../ui/dialog.tsx'
import { navItems } from './navigation.tsx'
import styles from './shortcuts.module.css'
import { singleKeysOn, switchSingleKeys } from './single-keys.ts'

type Keys = readonly (readonly [keys: readonly string[], meaning: string])[]

const keyGroups: readonly (readonly [title: string, keys: Keys])[] = [
  [
    'Anywhere',
    [
      [['/'], 'Search deliveries'],
      [['l'], 'Pause or resume updates'],
      [['t'], 'Next theme'],
      [['?'], 'Show these shortcuts'],
      [['Esc'], 'Close the dialog'],
    ],
  ],
  [
    'In lists',
    [
      [['j', 'k'], 'Next row, previous row'],
      [['Enter'], 'Open the row'],
      [['x'], 'Select the row'],
      [['Shift', 'x'], 'Select all rows from the last selected one'],
      [['n'], 'Create a new destination or alert'],
    ],
  ],
  [
    'On a detail page',
    [
      [['r'], 'Resend or replay'],
      [['e'], 'Edit'],
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
        <span>Single keys are shortcuts. When off, only ? works.</span>
      </label>
    </Dialog>
  )
}
