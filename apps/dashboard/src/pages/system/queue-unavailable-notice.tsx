import type { SystemView } from '@ghostpost/delivery/contract/system'
import { Link } from '@tanstack/react-router'
import { Notice } from '../../ui/notice.tsx'

/** Says which part is away while the rest of the page goes on. */
export function QueueUnavailableNotice({ system }: { system: SystemView | undefined }) {
  if (!system || system.lanes !== null) return null
  return (
    <Notice tone="warn">
      <p>
        The queue does not answer. Exports are stored and go on by themselves once it is back; how much stands
        in it is not known now. <Link to="/system">See the system</Link>
      </p>
    </Notice>
  )
}
