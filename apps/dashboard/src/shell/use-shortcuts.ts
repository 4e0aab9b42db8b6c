import { useEffect } from 'react'

type ShortcutAction = () => void

const actionsByKey = new Map<string, ShortcutAction[]>()

/** What single keys do for as long as the component is drawn; the one drawn last comes first. */
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

/** What a key does now, beside pressing the button that carries it (`data-key`). */
export function actionFor(key: string): ShortcutAction | undefined {
  const [action] = actionsByKey.get(key) ?? []
  if (action) return action
  const button = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)
  return button ? () => button.click() : undefined
}
