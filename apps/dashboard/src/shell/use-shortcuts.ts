import { useEffect } from 'react'

type Act = () => void

const acts = new Map<string, Act[]>()

/** What single keys do for as long as the component is drawn; the one drawn last comes first. */
export function useShortcuts(wanted: Readonly<Record<string, Act>>): void {
  useEffect(() => {
    const entries = Object.entries(wanted)
    for (const [key, act] of entries) acts.set(key, [act, ...(acts.get(key) ?? [])])
    return () => {
      for (const [key, act] of entries)
        acts.set(
          key,
          (acts.get(key) ?? []).filter((one) => one !== act),
        )
    }
  })
}

/** What a key does now, beside pressing the button that carries it (`data-key`). */
export function actOf(key: string): Act | undefined {
  const [act] = acts.get(key) ?? []
  if (act) return act
  const button = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)
  return button ? () => button.click() : undefined
}
