import type { SystemView } from '@ghostpost/delivery/contract/system'
import { Notice } from '../../ui/notice.tsx'

/** Shown while the installation accepts exports and sends nothing. */
export function HeldNotice({ system }: { system: SystemView | undefined }) {
  if (!system?.held) return null
  return (
    <Notice tone="warn">
      <p>
        The installation is held (GHOSTPOST_HOLD): exports are stored, and nothing is sent. Remove the setting
        and restart all processes to send.
      </p>
    </Notice>
  )
}
