import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useSite } from '../session/session.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { listen } from './listen.ts'
import { setLiveState, useLiveState, type LiveState } from './live-state.ts'

const stateLabels: Readonly<Record<LiveState, string>> = {
  live: 'Live',
  polling: 'Updated every 5 s',
  paused: 'Updates paused',
}

/** Keeps the page up to date, shows how, and lets the user pause updates. */
export function LiveSwitch() {
  const { id } = useSite()
  const client = useQueryClient()
  const state = useLiveState()
  const isPaused = state === 'paused'
  useEffect(() => (isPaused ? undefined : listen(client, id)), [client, id, isPaused])
  const toggle = (): void => {
    setLiveState(isPaused ? 'polling' : 'paused')
    void client.invalidateQueries()
  }
  return (
    <Button
      look="quiet"
      data-key="l"
      aria-pressed={isPaused}
      title={isPaused ? 'Resume updates' : 'Pause updates'}
      onClick={toggle}
    >
      <Icon name={isPaused ? 'pause' : 'activity'} /> {stateLabels[state]}
    </Button>
  )
}
