import type { AccountWithLink } from '@ghostpost/client'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Time } from '../../ui/time.tsx'

/** Shows the link of an account once. */
export function LinkDialog({ made, onClose }: { made: AccountWithLink; onClose: () => void }) {
  const { account, link, link_expires_at: expires, emailed } = made
  return (
    <Dialog title={`The link of ${account.email}`} onClose={onClose}>
      {link === null ? (
        <Notice tone="good">The account has the role {account.role} now. It signs in as before.</Notice>
      ) : (
        <>
          <Notice tone="warn">
            <p>
              {emailed
                ? `It was sent to ${account.email}. `
                : 'No e-mail was sent: give it to the person yourself. '}
              It is shown only once, and works once.
            </p>
            <code>{link}</code>
          </Notice>
          {expires && (
            <p>
              It expires <Time at={expires} />.
            </p>
          )}
          <div>
            <CopyButton text={link} label="Copy the link" />
          </div>
        </>
      )}
      <DialogActions>
        <Button look="primary" onClick={onClose}>
          Close
        </Button>
      </DialogActions>
    </Dialog>
  )
}
