import { useState } from 'react'
import { HiddenText } from '../ui/hidden-text.tsx'
import styles from './choice.module.css'
import { applyTheme, nextTheme, readTheme, type Theme } from './theme.ts'
import { useShortcuts } from './use-shortcuts.ts'

const labels: Record<Theme, string> = {
  system: 'Theme: system',
  light: 'Theme: light',
  dark: 'Theme: dark',
}

export function ThemeChoice() {
  const [theme, setTheme] = useState(readTheme)
  const choose = (next: Theme): void => {
    applyTheme(next)
    setTheme(next)
  }
  useShortcuts({ t: () => choose(nextTheme(theme)) })
  return (
    <label className={styles.choice}>
      <HiddenText>Theme</HiddenText>
      <select value={theme} onChange={(event) => choose(event.target.value as Theme)}>
        {Object.entries(labels).map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </label>
  )
}
