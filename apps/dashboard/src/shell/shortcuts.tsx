import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { places } from './navigation.tsx'
import { moveRow, selectRow } from './row-keys.ts'
import { ShortcutsDialog } from './shortcuts-dialog.tsx'
import { singleKeysOn } from './single-keys.ts'
import { actOf } from './use-shortcuts.ts'

const goWithinMs = 1_500

/** Single keys go somewhere, move in lists and press what is on the page; never while somebody types. */
export function Shortcuts() {
  const [isOpen, setOpen] = useState(false)
  const wentAt = useRef(-goWithinMs)
  const navigate = useNavigate()
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') return leaveSearch(event.target)
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      if (event.key === '?') return setOpen(true)
      if (!singleKeysOn()) return
      const place = places.find(({ key }) => key === event.key)
      const isGoing = performance.now() - wentAt.current < goWithinMs
      wentAt.current = event.key === 'g' && !isGoing ? performance.now() : -goWithinMs
      if (isGoing && place) void navigate({ to: place.to })
      else if (event.key === '/') search(event, () => navigate({ to: '/deliveries' }))
      else (actInList(event.key) ?? actOf(event.key))?.()
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [navigate])
  return (
    <>
      <Button look="quiet" onClick={() => setOpen(true)}>
        <Icon name="keyboard" /> Shortcuts
      </Button>
      {isOpen && <ShortcutsDialog onClose={() => setOpen(false)} />}
    </>
  )
}

/** What a key of lists does. */
function actInList(key: string): (() => void) | undefined {
  if (key === 'j' || key === 'k') return () => moveRow(key === 'j' ? 1 : -1)
  if (key === 'x' || key === 'X') return () => selectRow(key === 'X')
  return undefined
}

function isTyping(target: EventTarget | null): boolean {
  if (document.querySelector('dialog[open]')) return true
  if (!(target instanceof HTMLElement)) return false
  // A checkbox takes only the space bar.
  return target.closest('input:not([type="checkbox"]), textarea, select, [contenteditable]') !== null
}

/** To the page's search field; where there is none, to the page that has one. */
function search(event: KeyboardEvent, go: () => Promise<void>): void {
  event.preventDefault()
  if (!focusSearch()) void go().then(() => requestAnimationFrame(() => void focusSearch()))
}

/** So that single keys do something again. */
function leaveSearch(target: EventTarget | null): void {
  if (target instanceof HTMLInputElement && target.type === 'search') target.blur()
}

function focusSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>('input[type="search"]')
  field?.focus()
  field?.select()
  return field !== null
}
