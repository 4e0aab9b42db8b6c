import { useEffect } from 'react'

type ShortcutAction = () => void

const actionsByKey = new Map<string, ShortcutAction[]>()

/** Registers shortcuts while the component is mounted. The last mounted component wins. */
export function useShortcuts(shortcuts: Readonly<Record<string, ShortcutAction>>): void {
  useEffect(() => {
    const entries = Object.entries(shortcuts)
    for (const [key, action] of entries) actionsByKey.set(key, [action, ...(actionsByKey.get(key) ?? [])])
    return () => {
      for (const [key, action] of entries)
        actionsByKey.set(
          key,
          (actionsByKey.get(key) ?? []).filter((one) => one !== action),
        )
    }
  })
}

/** The action of a key: a registered shortcut, else a click on the button with this `data-key`. */
export function actionFor(key: string): ShortcutAction | undefined {
  const [action] = actionsByKey.get(key) ?? []
  if (action) return action
  const button = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)
  return button ? () => button.click() : undefined
}
