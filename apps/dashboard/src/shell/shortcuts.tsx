import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { navItems } from './navigation.tsx'
import { focusRow, toggleRow } from './row-keys.ts'
import { ShortcutsDialog } from './shortcuts-dialog.tsx'
import { singleKeysOn } from './single-keys.ts'
import { actionFor } from './use-shortcuts.ts'

const goTimeoutMs = 1_500

/** Single keys navigate, move in lists and press buttons; never while the user types. */
export function Shortcuts() {
  const [isOpen, setOpen] = useState(false)
  const goPressedAt = useRef(-goTimeoutMs)
  const navigate = useNavigate()
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') return blurSearch(event.target)
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      if (event.key === '?') return setOpen(true)
      if (!singleKeysOn()) return
      const navItem = navItems.find(({ key }) => key === event.key)
      const isAfterGo = performance.now() - goPressedAt.current < goTimeoutMs
      goPressedAt.current = event.key === 'g' && !isAfterGo ? performance.now() : -goTimeoutMs
      if (isAfterGo && navItem) void navigate({ to: navItem.to })
      else if (event.key === '/') openSearch(event, () => navigate({ to: '/deliveries' }))
      else (listAction(event.key) ?? actionFor(event.key))?.()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
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

/** The action of a key in a list. */
function listAction(key: string): (() => void) | undefined {
  if (key === 'j' || key === 'k') return () => focusRow(key === 'j' ? 1 : -1)
  if (key === 'x' || key === 'X') return () => toggleRow(key === 'X')
  return undefined
}

function isTyping(target: EventTarget | null): boolean {
  if (document.querySelector('dialog[open]')) return true
  if (!(target instanceof HTMLElement)) return false
  // A checkbox takes only the space bar.
  return target.closest('input:not([type="checkbox"]), textarea, select, [contenteditable]') !== null
}

/** Focuses the page's search field, or opens the deliveries, which have one. */
function openSearch(event: KeyboardEvent, go: () => Promise<void>): void {
  event.preventDefault()
  if (!focusSearch()) void go().then(() => requestAnimationFrame(() => void focusSearch()))
}

/** Leaves the search field, so that single keys are shortcuts again. */
function blurSearch(target: EventTarget | null): void {
  if (target instanceof HTMLInputElement && target.type === 'search') target.blur()
}

function focusSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>('input[type="search"]')
  field?.focus()
  field?.select()
  return field !== null
}
