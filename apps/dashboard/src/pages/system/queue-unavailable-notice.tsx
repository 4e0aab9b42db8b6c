import type { SystemView } from '@ghostpost/delivery/contract/system'
import { Link } from '@tanstack/react-router'
import { Notice } from '../../ui/notice.tsx'

/** Shown while the queue is down; the rest of the page still works. */
export function QueueUnavailableNotice({ system }: { system: SystemView | undefined }) {
  if (!system || system.lanes !== null) return null
  return (
    <Notice tone="warn">
      <p>
        The queue does not respond. Exports are stored and continue when it is back. The lengths of the lanes
        are unknown until then. <Link to="/system">Show the system</Link>
      </p>
    </Notice>
  )
}
