import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Icon } from '../ui/icon.tsx'
import { places } from './navigation.tsx'
import styles from './shortcuts.module.css'

const goWithinMs = 1_500

const general: readonly (readonly [keys: string, means: string])[] = [
  ['/', 'Search'],
  ['?', 'These shortcuts'],
  ['Esc', 'Close what is open'],
]

/** `g` and a letter go somewhere, `/` searches, `?` tells so. Never while somebody types. */
export function Shortcuts() {
  const [isOpen, setOpen] = useState(false)
  const navigate = useNavigate()
  useEffect(() => {
    let wentAt = -goWithinMs
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      const place = places.find(({ key }) => key === event.key)
      if (performance.now() - wentAt < goWithinMs && place) void navigate({ to: place.to })
      else if (event.key === '?') setOpen(true)
      else if (event.key === '/') search(event)
      wentAt = event.key === 'g' ? performance.now() : -goWithinMs
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [navigate])
  return (
    <>
      <Button look="quiet" onClick={() => setOpen(true)}>
        <Icon name="keyboard" /> Shortcuts
      </Button>
      {isOpen && (
        <Dialog title="Keyboard shortcuts" onClose={() => setOpen(false)}>
          <dl className={styles.list}>
            {places.map(({ key, label }) => (
              <div key={key}>
                <dt>
                  <kbd>g</kbd> <kbd>{key}</kbd>
                </dt>
                <dd>{label}</dd>
              </div>
            ))}
            {general.map(([keys, means]) => (
              <div key={keys}>
                <dt>
                  <kbd>{keys}</kbd>
                </dt>
                <dd>{means}</dd>
              </div>
            ))}
          </dl>
        </Dialog>
      )}
    </>
  )
}

function isTyping(target: EventTarget | null): boolean {
  if (document.querySelector('dialog[open]')) return true
  return (
    target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null
  )
}

function search(event: KeyboardEvent): void {
  const field = document.querySelector<HTMLInputElement>('input[type="search"]')
  if (!field) return
  event.preventDefault()
  field.focus()
  field.select()
}
